// Goal: a range of time is divided as SLS divides it: no gap, equal widths, and the same question has the same buckets.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseWidth, countBuckets, fillBuckets } from './histogram.js';

const range = (from: number, to: number) => ({
  fromNs: BigInt(from) * 1_000_000_000n,
  toNs: BigInt(to) * 1_000_000_000n,
});

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('the width for at most 60 buckets', () => {
  test.each([
    [1, 1],
    [60, 1],
    [61, 2],
    [300, 5],
    [15 * 60, 15],
    [1801, 60],
    [HOUR, 60],
    [HOUR + 1, 120],
    [DAY, 30 * 60],
    [7 * DAY, 4 * HOUR],
    [30 * DAY, 12 * HOUR],
    [60 * DAY, DAY],
    [420 * DAY, 7 * DAY],
    [421 * DAY, 14 * DAY],
    [9_223_372_036, 7 * DAY * 255],
  ])('of %i s is %i s', (seconds, width) => {
    expect(chooseWidth(range(1_700_000_001, 1_700_000_001 + seconds), 60)).toBe(width);
  });
});

test('any range is covered without a gap by buckets of one width, the last of which may be cut', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 2_000_000_000_000_000_000n),
      fc.bigInt(1n, 10n ** 17n),
      fc.integer({ min: 1, max: 100 }),
      (fromNs, lengthNs, bucketsMax) => {
        const asked = { fromNs, toNs: fromNs + lengthNs };
        const width = chooseWidth(asked, bucketsMax);
        const buckets = fillBuckets(asked, width, [], () => true);
        expect(buckets.length).toBeLessThanOrEqual(bucketsMax);
        expect(buckets.length).toBe(countBuckets(asked, width));
        expect(buckets.at(0)?.fromNs).toBe(fromNs);
        expect(buckets.at(-1)?.toNs).toBe(asked.toNs);
        for (const [i, bucket] of buckets.entries()) {
          const next = buckets[i + 1];
          if (next === undefined) continue;
          expect(bucket.toNs).toBe(next.fromNs);
          expect(bucket.toNs - bucket.fromNs).toBe(BigInt(width) * 1_000_000_000n);
        }
      },
    ),
  );
});
