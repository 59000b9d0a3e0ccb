// Goal: what was answered 200 outlives a power cut; and the test would notice if it did not.
import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { missingForLoopDisk } from '../support/crash/loop-disk.js';
import { runPowerCuts } from '../support/crash/power-cut-run.js';
import { printReport } from '../support/crash/report.js';

const ROUNDS = Number(process.env['POWER_CUT_ROUNDS'] ?? 20);
const SEED = Number(process.env['POWER_CUT_SEED'] ?? Date.now() % 1_000_000);

const missing = missingForLoopDisk();
const skipped = missing === null ? '' : ` (skipped, needs ${missing})`;
if (missing !== null) console.warn(`power cuts are not tested: that needs ${missing}`);
const options = { seed: SEED, workers: 1, accountEvery: 10, lyingDisk: false, tell: () => {} };

describe.skipIf(missing !== null)(`a power cut${skipped}`, { timeout: 300_000 + ROUNDS * 20_000 }, () => {
  test.each(['ext4', 'xfs'] as const)('loses and repeats nothing on %s', async (fileSystem) => {
    const report = await runPowerCuts({ ...options, rounds: ROUNDS, fileSystem });
    expect(report.faults, `again with POWER_CUT_SEED=${SEED}\n${printReport(report)}`).toEqual([]);
    expect(report.acknowledged.batches).toBeGreaterThan(ROUNDS);
  });

  test.each([
    ['a disk that does not sync', { lyingDisk: true }],
    ['a service that answers before it has synced', { planted: 'answer-before-sync' }],
  ] as const)('is noticed with %s', async (_what, bug) => {
    const brief = { rounds: 5, accountEvery: 1, loadedMsMax: 5000, fileSystem: 'ext4' } as const;
    const report = await runPowerCuts({ ...options, ...brief, ...bug });
    expect(report.faults.map(({ kind }) => kind)).toContain('lost');
    fs.rmSync(report.directory, { recursive: true });
  });
});
