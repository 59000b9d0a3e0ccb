import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Everything is named relatively: the console works behind any path prefix.
  base: './',
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    // These have `light-dark()`, of which each colour's two values are made.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // Nothing inline: the page's policy forbids it.
    assetsInlineLimit: 0,
    // One file: it is small enough to come at once (test/browser/console-size.test.ts).
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      onLog(level, log, report) {
        // Packages say 'use client' for servers that render; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
