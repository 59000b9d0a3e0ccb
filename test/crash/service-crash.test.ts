// Goal: whichever process is killed at whatever moment, every log answered 200 is found exactly once.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCrashes } from '../support/crash/crash-run.js';
import { type BugName, PLANTED_BUGS } from '../support/crash/planted-bugs.js';
import { copyProduct } from '../support/crash/product.js';
import { printReport } from '../support/crash/report.js';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 10);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);
/** The service starts some 15 times, on a machine that may be busy with other tests. */
const MS_MAX = 120_000 + ROUNDS * 15_000;

const common = { seed: SEED, accountEvery: 10, tell: () => {} };

test.each([
  { workers: 1, rounds: Math.ceil(ROUNDS * 0.6) },
  { workers: 2, rounds: Math.floor(ROUNDS * 0.4) },
])('kills lose and repeat nothing: $rounds rounds, workers: $workers', { timeout: MS_MAX }, async (options) => {
  const report = await runCrashes({ ...common, ...options });
  expect(report.faults, `again with CRASH_SEED=${SEED}\n${printReport(report)}`).toEqual([]);
  expect(report.acknowledged.batches).toBeGreaterThan(options.rounds);
});

describe('the same run', () => {
  test('notices a service that answers before it has written', { timeout: MS_MAX }, async () => {
    const planted = { planted: 'answer-before-write', rounds: 40, accountEvery: 3, loadedMsMax: 20_000 } as const;
    const report = await runCrashes({ ...common, workers: 1, ...planted });
    expect(
      report.faults.map(({ kind }) => kind),
      printReport(report),
    ).toContain('lost');
    fs.rmSync(report.directory, { recursive: true });
  });

  test.each(Object.keys(PLANTED_BUGS) as BugName[])('can still be played with the bug %s', (name) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-bug-'));
    expect(() => copyProduct(directory, PLANTED_BUGS[name].patches)).not.toThrow();
    fs.rmSync(directory, { recursive: true });
  });
});
