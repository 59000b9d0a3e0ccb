// Goal: refusals over time have no gap, and names are counted over all of it.
import { expect, test } from 'vitest';
import { bucketsOf, sumByName } from './refusal-buckets.js';

const NOW = 1_795_046_430;
const MINUTE = 1_795_046_400;

test('a step without a refusal is an empty bucket', () => {
  const step = { byOrigin: {}, otherOrigins: 0 };
  const counts = {
    stepSeconds: 60,
    steps: [
      { ...step, time: MINUTE - 120, count: 3, byReason: { WebTrackingOff: 3 } },
      { ...step, time: MINUTE, count: 5, byReason: { WebTrackingOff: 1, OriginDenied: 4 } },
    ],
    missingNodes: [],
  };
  const all = bucketsOf(counts, 'minute', null, NOW * 1000).answer.buckets;
  expect(all).toHaveLength(60);
  expect(all.slice(-3)).toEqual([
    { from: MINUTE - 120, to: MINUTE - 60, count: 3 },
    { from: MINUTE - 60, to: MINUTE, count: 0 },
    { from: MINUTE, to: MINUTE + 60, count: 5 },
  ]);
  const one = bucketsOf(counts, 'minute', 'OriginDenied', NOW * 1000).answer.buckets;
  expect(one.map(({ count }) => count).filter((count) => count > 0)).toEqual([4]);
});

test('names are summed, the most frequent first', () => {
  expect(sumByName([{ a: 1, b: 2 }, { a: 4 }])).toEqual([
    ['a', 5],
    ['b', 2],
  ]);
});
