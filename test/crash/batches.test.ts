// Goal: whatever is killed at whatever moment, a batch with an identity that is sent until it is answered 200 is stored
// exactly once. A long run: npm run proof:crash -- --batches --rounds 100
import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { runBatches } from '../support/crash/batch-run.js';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

test(`identities hold over kills: ${ROUNDS} rounds`, { timeout: 120_000 + ROUNDS * 15_000 }, async () => {
  const report = await runBatches({ rounds: ROUNDS, seed: SEED, workers: 2, tell: () => {} });
  expect(report.faults, `again with CRASH_SEED=${SEED}; ${report.directory}`).toEqual([]);
  expect(report.batches).toBeGreaterThan(ROUNDS);
  expect(report.known).toBeGreaterThan(0);
  fs.rmSync(report.directory, { recursive: true });
});
