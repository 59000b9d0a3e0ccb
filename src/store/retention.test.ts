// Goal: logs of a deleted logstore are not only hidden: their files go, and those of other logstores stay.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Engine, startEngine } from '../../test/support/query/engine.js';

const DAYS_MS = [18, 19].map((day) => Date.UTC(2026, 9, day, 12));
const DAY_OF_ITS_OWN_MS = Date.UTC(2026, 9, 17);
const never = new AbortController().signal;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
}, 60_000);
afterAll(() => engine.close());

/** Rows in the files, hidden ones included. */
const storedRows = () =>
  engine.count("SELECT sum(rows) AS count FROM system.parts WHERE table = 'logs' AND active AND rows > 0");
const isSettled = async () => !(await engine.store.sizes.isChanging(never));

test('past days are written anew one by one without what is hidden', async () => {
  const today = Date.now();
  await engine.insert([
    ...[...DAYS_MS, today].flatMap((timeMs, i) => [1, 2].map((logstore) => ({ logstore, timeMs, seq: i }))),
    { logstore: 1, timeMs: DAY_OF_ITS_OWN_MS, seq: 9 },
  ]);
  const { store } = engine;
  expect(await store.dropHidden()).toBeNull();
  await store.deleteLogstore(1);
  await vi.waitUntil(isSettled, 10_000);
  expect([...(await store.ttls()).keys()]).toEqual([2]);
  expect(await storedRows()).toBe(7);

  for (const [day, rows] of [
    ['2026-10-17', 6],
    ['2026-10-18', 5],
    ['2026-10-19', 4],
  ] as const) {
    expect(await store.dropHidden()).toBe(day);
    await vi.waitUntil(isSettled, 10_000);
    expect(await storedRows()).toBe(rows);
  }
  // Those of today go by merges.
  expect(await store.dropHidden()).toBeNull();
  expect(await engine.count('SELECT count() AS count FROM logs WHERE logstore = 2')).toBe(3);
}, 60_000);
