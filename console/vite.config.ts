import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Everything is named relatively: the console works behind any path prefix.
  base: './',
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Nothing inline: the page's policy forbids it.
    assetsInlineLimit: 0,
  },
});
