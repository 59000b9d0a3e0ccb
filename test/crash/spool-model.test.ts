// Goal: whatever happens in whatever order, each acknowledged group is loaded once, and no sequence number is used twice.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runSpool } from './spool-model.js';

const RUNS = Number(process.env['SPOOL_RUNS'] ?? 500);
const FIRST_SEED = Number(process.env['SPOOL_SEED'] ?? 1);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
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
    expect(acknowledged).toBeGreaterThan(RUNS);
    if (RUNS > 500) console.log(`${crashes} crashes, ${acknowledged} acknowledged groups`);
  },
  Number.POSITIVE_INFINITY,
);
