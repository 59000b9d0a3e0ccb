import { configDefaults, defineConfig } from 'vitest/config';
import { hasCables } from './test/support/nodes/cables.js';

/** Of a machine that has no network namespaces: they take Linux, root and iproute2. */
const WITHOUT_CABLES = hasCables() ? [] : ['test/cluster/partitions.test.ts'];
if (WITHOUT_CABLES.length > 0) {
  const wanted = 'network namespaces (Linux, root, apt-get install iproute2)';
  process.stderr.write(`NOT RUN for want of ${wanted}: ${WITHOUT_CABLES.join(', ')}\n`);
}

export default defineConfig({
  test: {
    include: [
      'console/src/**/*.test.ts',
      'src/**/*.test.ts',
      'cli/**/*.test.ts',
      'bench/**/*.test.ts',
      'examples/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, ...WITHOUT_CABLES],
    // Two cores: more files at once only makes real servers and the engine wait for each other.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    restoreMocks: true,
    // Tests of whole processes on a shared machine: one that passes the second time is marked "(retry x1)" and is a bug to
    // look into, but does not hold up everything else. At the desk nothing is tried twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
