// Goal: every shard is with one consumer of the group, as evenly as can be, and moves only when its holder has let go or is gone.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Membership } from './membership.js';

const TIMEOUT_MS = 10_000;
const SHARDS = [0, 1, 2, 3];

/** A group of consumers that do as they are told: each lists what it was given, as libraries do. */
class Group {
  readonly membership: Membership;
  readonly #held = new Map<string, readonly number[]>();
  nowMs = 0;

  constructor(settledAtMs = 0) {
    this.membership = new Membership(settledAtMs);
  }

  beat(consumer: string, holds = this.#held.get(consumer) ?? []): readonly number[] {
    this.nowMs += 1;
    const { nowMs } = this;
    const given = this.membership.heartbeat({ consumer, holds, shards: SHARDS, nowMs, timeoutMs: TIMEOUT_MS });
    this.#held.set(consumer, given);
    return given;
  }
}

test('one consumer gets everything, and keeps it', () => {
  const group = new Group();
  expect(group.beat('a')).toEqual(SHARDS);
  expect(group.beat('a')).toEqual(SHARDS);
});

test('a consumer that lists nothing is told the same again', () => {
  const group = new Group();
  group.beat('a');
  expect(group.beat('a', [])).toEqual(SHARDS);
});

test('a second consumer gets half of it, but not before the first has let go', () => {
  const group = new Group();
  group.beat('a');
  group.beat('a');
  expect(group.beat('b')).toEqual([]);
  expect(group.beat('a')).toEqual([0, 1]);
  // Still finishing shard 3.
  expect(group.beat('a', [0, 1, 3])).toEqual([0, 1]);
  expect(group.beat('b')).toEqual([2]);
  expect(group.beat('a', [0, 1])).toEqual([0, 1]);
  expect(group.beat('b')).toEqual([2, 3]);
});

test('what a consumer held goes to the others when it is not heard of any more', () => {
  const group = new Group();
  for (const consumer of ['a', 'b', 'a', 'b', 'a', 'b']) group.beat(consumer);
  expect([group.beat('a'), group.beat('b')]).toEqual([
    [0, 1],
    [2, 3],
  ]);
  group.nowMs += TIMEOUT_MS - 2;
  expect(group.beat('b')).toEqual([2, 3]);
  group.nowMs += 5;
  expect(group.beat('b')).toEqual([0, 1, 2, 3]);
  expect(group.membership.has('a')).toBe(false);
});

test('one comes back before anybody else has come: its shards are its own again', () => {
  const group = new Group();
  for (const consumer of ['a', 'b', 'a', 'b', 'a', 'b']) group.beat(consumer);
  group.nowMs += 2 * TIMEOUT_MS;
  expect(group.beat('a', [0, 1])).toEqual(expect.arrayContaining([0, 1]));
});

describe('after a restart', () => {
  test('consumers keep what they say they hold, and the rest is given to nobody at first', () => {
    const group = new Group(TIMEOUT_MS);
    expect(group.beat('b', [2, 3])).toEqual([2, 3]);
    expect(group.beat('c', [3])).toEqual([]);
    expect(group.beat('a', [0])).toEqual([0]);
    expect(group.membership.holder(1)).toBeUndefined();
    group.nowMs = TIMEOUT_MS;
    group.beat('b', [2, 3]);
    group.beat('a', [0]);
    expect(group.membership.holder(1)).toBeDefined();
  });

  test('shards that do not exist are nobody’s', () => {
    expect(new Group(TIMEOUT_MS).beat('a', [7])).toEqual([]);
  });
});

test('whoever comes, goes and stays away: no shard is ever with two, and in the end each has its part', () => {
  const step = fc.record({
    consumer: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    waitMs: fc.constantFrom(0, 100, TIMEOUT_MS / 2, TIMEOUT_MS + 1),
    isFinishing: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const group = new Group();
      /** What each works on: what it was given, and what it is still finishing. */
      const works = new Map<string, { readonly shards: Set<number>; heardMs: number }>();
      const beat = (consumer: string, isFinishing: boolean) => {
        const own = works.get(consumer) ?? { shards: new Set<number>(), heardMs: group.nowMs };
        // One that was away for too long finds out, and begins again.
        if (group.nowMs - own.heardMs >= TIMEOUT_MS) own.shards.clear();
        const given = group.beat(consumer, [...own.shards]);
        if (!isFinishing) for (const shard of own.shards) if (!given.includes(shard)) own.shards.delete(shard);
        for (const shard of given) own.shards.add(shard);
        works.set(consumer, { shards: own.shards, heardMs: group.nowMs });
        const alive = [...works.values()].filter(({ heardMs }) => group.nowMs - heardMs <= TIMEOUT_MS);
        const worked = alive.flatMap(({ shards }) => [...shards]);
        expect(worked.length).toBe(new Set(worked).size);
      };
      for (const { consumer, waitMs, isFinishing } of steps) {
        group.nowMs += waitMs;
        beat(consumer, isFinishing);
      }
      for (let round = 0; round < 6; round++) for (const consumer of ['a', 'b', 'c']) beat(consumer, false);
      group.nowMs += TIMEOUT_MS - 10;
      for (let round = 0; round < 6; round++) {
        for (const consumer of ['a', 'b', 'c']) beat(consumer, false);
        group.nowMs += 10;
      }
      const parts = ['a', 'b', 'c'].map((consumer) => works.get(consumer)?.shards.size ?? 0);
      expect(parts.toSorted()).toEqual([1, 1, 2]);
    }),
  );
});
