// Goal: a copied spool keeps every group that it has, and gives out no number and no token that its original may give out.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import {
  append,
  FAKED_TIME,
  loadAll,
  openTestSpool,
  SPOOL_DIRECTORY,
  texts,
  turns,
} from '../../test/support/spool-fixtures.js';
import { systemClock } from '../platform/clock.js';
import { renewSpool } from './renew.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

test('the copy goes on with a name and numbers of its own', async () => {
  const disk = new SimulatedDisk(new Random(1));
  await disk.makeDirectory(SPOOL_DIRECTORY);
  const original = await openTestSpool(disk);
  for (const text of ['a', 'b', 'c']) await append(original, text, text === 'c' ? 2 : 1);
  await original.close();

  const nowUs = Date.now() * 1000;
  await renewSpool({ directory: SPOOL_DIRECTORY, shard: 1, disk, clock: systemClock });
  const copy = await openTestSpool(disk);
  for (const [text, logstoreId] of [
    ['d', 1],
    ['e', 2],
    ['f', 3],
  ] as const) {
    await append(copy, text, logstoreId);
  }
  vi.advanceTimersByTime(2000);
  await turns();
  const groups = await loadAll(copy, disk);
  await copy.close();

  expect(texts(groups)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(groups.slice(0, 3).map(({ seq }) => seq)).toEqual([0, 1, 0]);
  expect(groups.slice(3).every(({ seq }) => seq >= nowUs)).toBe(true);
  const names = groups.map(({ token }) => token.slice(0, 16));
  expect(new Set(names).size).toBe(2);
  expect(new Set(names.slice(0, 3)).size).toBe(1);
});
