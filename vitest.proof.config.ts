import { defineConfig } from 'vitest/config';

/** Proofs that need a machine of their own: root, loop devices and many minutes. See docs/testing.md. */
export default defineConfig({ test: { include: ['test/**/*.proof.ts'] } });
