// Goal: whichever process is killed while logs are deleted, those that are meant are gone for good, and no other is.
import { expect, test } from 'vitest';
import { DOES_NOT_WAIT, runDeletions } from '../support/crash/deletion-run.js';

const ROUNDS = Number(process.env['DELETION_ROUNDS'] ?? 1);
const SEED = Number(process.env['DELETION_SEED'] ?? Date.now() % 1_000_000);
const MS_MAX = 60_000 + ROUNDS * 120_000;

test(`kills bring nothing back and take nothing along: ${ROUNDS} rounds`, { timeout: MS_MAX }, async () => {
  const report = await runDeletions({ rounds: ROUNDS, seed: SEED, workers: 2, strikes: 4, holdAge: '1s' });
  expect(report.faults, `again with DELETION_SEED=${SEED}`).toEqual([]);
  expect(report.deleted).toBeGreaterThan(ROUNDS * 30);
});

if (ROUNDS > 1) {
  test('the same run notices a service that does not wait for its spool', { timeout: MS_MAX }, async () => {
    const holdAge = '5min';
    const report = await runDeletions({
      ...{ rounds: ROUNDS, seed: SEED, workers: 1, strikes: 0 },
      ...{ holdAge, patches: [DOES_NOT_WAIT] },
    });
    expect(report.faults.join('\n')).toContain('was deleted and is there');
  });
}
