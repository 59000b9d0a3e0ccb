// Goal: whatever happens in whatever order, each acknowledged group is loaded once, and no sequence number is used twice.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FAKED_TIME } from '../support/spool-fixtures.js';
import { type Planted, runSpool } from './spool-model.js';

const RUNS = Number(process.env['SPOOL_RUNS'] ?? 400);
const FIRST_SEED = Number(process.env['SPOOL_SEED'] ?? 1);

beforeEach(() => {
  // The same time in every run: a seed repeats it.
  vi.useFakeTimers({ toFake: [...FAKED_TIME], now: 1_800_000_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

test(
  `random lives of a spool keep the promise (SPOOL_RUNS=${RUNS} from SPOOL_SEED=${FIRST_SEED})`,
  async () => {
    let [acknowledged, crashes] = [0, 0];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const result = await runSpool(seed);
      expect(result.faults, `again with SPOOL_SEED=${seed} SPOOL_RUNS=1`).toEqual([]);
      acknowledged += result.acknowledged;
      crashes += result.crashes;
    }
    if (RUNS > 400) console.log(`${crashes} crashes, ${acknowledged} acknowledged groups`);
  },
  Number.POSITIVE_INFINITY,
);

// Without this nobody would know whether the runs above can see anything.
describe('the account finds out a spool', () => {
  test.each<[string, Planted]>([
    ['whose syncs do nothing', (kind, outcome) => (kind === 'sync' && outcome === 'done' ? 'lie' : outcome)],
    ['whose directory is never synced', (kind) => (kind === 'syncDirectory' ? 'lie' : 'done')],
    ['that takes a short write for a whole one', (_kind, outcome) => (outcome === 'short' ? 'lie' : outcome)],
  ])('%s', async (_what, planted) => {
    for (let seed = 1; seed <= 200; seed++) {
      const { faults } = await runSpool(seed, planted);
      if (faults.some((fault) => fault.startsWith('an acknowledged group is lost'))) return;
    }
    expect.fail('nothing was found in 200 runs');
  });
});
