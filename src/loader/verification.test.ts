// Goal: counting many held segments at once never takes a segment for whole that is not.
import { describe, expect, test } from 'vitest';
import type { LogstoreRange, SealedSegment } from '../model/segment.js';
import type { SegmentLoad, Store } from '../store/store.js';
import { hasAllTogether, Verification } from './verification.js';

const never = new AbortController().signal;

function loadOf(number: number, logstores: Record<number, LogstoreRange>, shard = 1): SegmentLoad {
  const logCount = Object.values(logstores).reduce((sum, { logs }) => sum + logs, 0);
  const times = { firstTimeMs: number, lastTimeMs: number, firstLogMs: number * 10, lastLogMs: number * 10 + 5 };
  return {
    segment: { shard, number, path: `${number}`, bytes: 1, token: `t-${number}`, fresh: false, loaded: true },
    contents: {
      ...times,
      logCount,
      logstores: new Map(Object.entries(logstores).map(([id, range]) => [Number(id), range])),
    },
    deadLogstores: [9],
  };
}

const loads = [
  loadOf(1, { 1: { logs: 3, firstSeq: 1, lastSeq: 2 }, 9: { logs: 5, firstSeq: 1, lastSeq: 1 } }),
  loadOf(2, {}),
  loadOf(3, { 1: { logs: 4, firstSeq: 3, lastSeq: 6 }, 2: { logs: 1, firstSeq: 7, lastSeq: 7 } }),
];

function storeWith(rows: Record<number, number>, asked: SegmentLoad[] = []): Pick<Store, 'countSegment'> {
  const countSegment = async (load: SegmentLoad) => {
    asked.push(load);
    return new Map(Object.entries(rows).map(([id, count]) => [Number(id), count]));
  };
  return { countSegment };
}

describe('segments that follow one another', () => {
  test('are counted as one, from the first to the last', async () => {
    const asked: SegmentLoad[] = [];
    expect(await hasAllTogether(storeWith({ 1: 7, 2: 1 }, asked), loads, never)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.contents).toMatchObject({ firstLogMs: 10, lastLogMs: 35 });
    expect(asked[0]?.contents.logstores.get(1)).toEqual({ logs: 7, firstSeq: 1, lastSeq: 6 });
  });

  test.each([
    ['one log is missing', { 1: 6, 2: 1 }],
    ['a logstore is missing', { 1: 7 }],
    ['there are more logs than theirs, which may stand for one that is missing', { 1: 8, 2: 1 }],
  ])('are not taken for whole where %s', async (_what, rows) => {
    expect(await hasAllTogether(storeWith(rows), loads, never)).toBe(false);
  });

  test('of several shards are counted one by one', async () => {
    expect(await hasAllTogether(storeWith({ 1: 10 }), [...loads, loadOf(4, {}, 2)], never)).toBe(false);
  });

  test('without logs need not be counted', async () => {
    const asked: SegmentLoad[] = [];
    expect(await hasAllTogether(storeWith({}, asked), [loadOf(2, {})], never)).toBe(true);
    expect(asked).toEqual([]);
  });
});

test('the newest come first, and each once', () => {
  const held = Array.from({ length: 1200 }, (_, number) => ({ number }) as SealedSegment);
  const verification = new Verification('run', held);
  const seen: number[] = [];
  while (!verification.isOver) {
    const some = verification.next();
    seen.push(...some.map(({ number }) => number).toReversed());
    verification.done(some);
  }
  expect(seen).toEqual(held.map(({ number }) => number).toReversed());
});
