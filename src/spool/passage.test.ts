// Goal: a spool that was told to let go of its segments does so as soon as it may, and never says so too early.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import {
  append,
  FAKED_TIME,
  holdBack,
  loadAll,
  openTestSpool,
  SPOOL_DIRECTORY,
  turns,
} from '../../test/support/spool-fixtures.js';
import type { Spool } from './spool.js';

const HOLD_MS = 60_000;

let disk: SimulatedDisk;
let spool: Spool;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: FAKED_TIME });
  disk = new SimulatedDisk(new Random(1));
  spool = await openTestSpool(disk, { holdMs: HOLD_MS });
});
afterEach(async () => {
  await spool.close();
  vi.useRealTimers();
});

const textIsThere = (text: string) =>
  disk.names(SPOOL_DIRECTORY).some((name) => disk.content(`${SPOOL_DIRECTORY}/${name}`).includes(text));

test('the last segment goes when it was held for its time, although nothing comes behind it', async () => {
  await append(spool, 'last');
  const { newest } = await spool.passage(null);
  for (const step of ['seal', 'load', 'hold'] as const) {
    const { oldest } = await spool.passage(newest);
    await turns();
    expect(oldest, step).toBe(newest);
    expect(textIsThere('last'), step).toBe(true);
    if (step === 'load') await loadAll(spool, disk);
    if (step === 'hold') await vi.advanceTimersByTimeAsync(HOLD_MS + 2000);
    await turns();
  }
  expect(await spool.passage(newest)).toMatchObject({ oldest: null, asides: [] });
  expect(textIsThere('last')).toBe(false);
});

test('a segment that is being closed is still there', async () => {
  await append(spool, 'closing');
  const { newest } = await spool.passage(null);
  const held = holdBack(disk, 'close');
  await spool.passage(newest);
  await turns();
  expect((await spool.passage(newest)).oldest).toBe(newest);
  held.release();
  await turns();
  expect((await spool.passage(newest)).oldest).toBe(newest);
});

test('what comes later is newer, and numbers stay unique over the next start', async () => {
  await append(spool, 'before');
  const { newest } = await spool.passage(null);
  await spool.passage(newest);
  await turns();
  await append(spool, 'after');
  expect((await spool.passage(null)).newest).toBeGreaterThan(newest);
  await loadAll(spool, disk);
  await spool.passage(newest);
  await vi.advanceTimersByTimeAsync(HOLD_MS + 2000);
  await turns();
  const { next } = spool.position(1);
  await spool.close();
  spool = await openTestSpool(disk, { holdMs: HOLD_MS });
  expect(spool.position(1).next).toBe(next);
});

test('what was put aside is told by name', async () => {
  await append(spool, 'refused');
  await spool.passage((await spool.passage(null)).newest);
  await turns();
  const segment = await spool.segments.next(new AbortController().signal);
  await spool.segments.setAside(segment, 'odd');
  const { asides } = await spool.passage(null);
  expect(asides).toEqual([expect.stringMatching(/^\d{12}\.aside\.ndjson$/)]);
});
