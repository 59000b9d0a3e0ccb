// Goal: the loader is given every sealed segment in order until it is done with it; what is loaded is kept as long as it is
// to be held, and what the next start needs is kept longer.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import {
  append,
  FAKED_TIME,
  loadAll,
  openTestSpool,
  SPOOL_DIRECTORY,
  turns,
} from '../../test/support/spool-fixtures.js';
import type { Spool } from './spool.js';

let disk: SimulatedDisk;

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
  disk = new SimulatedDisk(new Random(1));
});

afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

/** Appends a group and turns the clock until its segment is sealed. */
async function seal(spool: Spool, text: string): Promise<void> {
  await append(spool, text);
  await sweep(1100);
}

async function sweep(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await turns();
}

const files = () => disk.names(SPOOL_DIRECTORY);

test('a segment comes again until it is marked loaded, and then the next', async () => {
  const spool = await openTestSpool(disk);
  await seal(spool, 'a');
  await seal(spool, 'b');
  const first = await spool.segments.next(never);
  expect(await spool.segments.next(never)).toBe(first);
  const { contents } = await spool.segments.inspect(first);
  expect(contents).toMatchObject({ logCount: 1, logstores: new Map([[1, { logs: 1, firstSeq: 0, lastSeq: 0 }]]) });
  await spool.segments.markLoaded(first);
  expect((await spool.segments.next(never)).number).toBe(first.number + 1);
});

test('a loader that waits is woken by the next segment, and by its own signal', async () => {
  const spool = await openTestSpool(disk);
  const waiting = spool.segments.next(never);
  await seal(spool, 'a');
  expect((await waiting).number).toBe(1);
  await loadAll(spool, disk);
  const controller = new AbortController();
  const aborted = spool.segments.next(controller.signal);
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
});

test('a loaded segment is held for its time, and then deleted', async () => {
  const spool = await openTestSpool(disk, { holdMs: 10_000 });
  await seal(spool, 'a');
  await loadAll(spool, disk);
  await append(spool, 'b');
  await sweep(9000);
  expect(spool.segments.held().map(({ number }) => number)).toEqual([1]);
  expect(files()).toContain('000000000001.loaded.ndjson');
  for (let seconds = 0; seconds < 2; seconds++) await sweep(1000);
  expect(spool.segments.held()).toEqual([]);
  expect(files()).not.toContain('000000000001.loaded.ndjson');
});

test('the oldest held segments go first when there are too many bytes', async () => {
  const spool = await openTestSpool(disk, { holdBytesMax: 700, holdMs: 1e9 });
  for (const text of ['a', 'b', 'c', 'd']) {
    await seal(spool, text);
    await loadAll(spool, disk);
  }
  await append(spool, 'e');
  await sweep(1000);
  expect(spool.segments.held().map(({ number }) => number)).toEqual([3, 4]);
  expect(spool.segments.heldBytes).toBeLessThanOrEqual(700);
});

test('a segment is not deleted while it alone tells where the sequences stand', async () => {
  const spool = await openTestSpool(disk, { holdMs: 0 });
  await seal(spool, 'a');
  await loadAll(spool, disk);
  await sweep(60_000);
  expect(files()).toContain('000000000001.loaded.ndjson');
  await append(spool, 'b');
  await sweep(1000);
  expect(files()).not.toContain('000000000001.loaded.ndjson');
});

test('a segment that is held stays held over a restart', async () => {
  const spool = await openTestSpool(disk, { holdMs: 10_000 });
  await seal(spool, 'a');
  await loadAll(spool, disk);
  await spool.close();
  const again = await openTestSpool(disk, { holdMs: 10_000 });
  expect(again.segments.held()).toMatchObject([{ number: 1, loaded: true, fresh: false }]);
  expect(again.segments.unloadedCount).toBe(0);
});

test('restarts without logs leave nothing behind', async () => {
  for (let restarts = 0; restarts < 10; restarts++) {
    const spool = await openTestSpool(disk);
    await sweep(1000);
    expect(spool.segments.unloadedCount).toBe(0);
    expect(spool.segments.held()).toEqual([]);
    expect(files().length).toBe(2);
    if (restarts % 2 === 0) await spool.close();
    else disk = disk.kill();
  }
});

test('a segment that the store refuses is kept aside, and not offered again, not even at the next start', async () => {
  const spool = await openTestSpool(disk);
  await seal(spool, 'a');
  await spool.segments.setAside(await spool.segments.next(never), 'a test');
  expect(spool.status()).toMatchObject({ setAsideSegments: 1, unloadedSegments: 0 });
  await spool.close();
  const again = await openTestSpool(disk);
  expect(again.segments.unloadedCount).toBe(0);
  expect(files()).toContain('000000000001.aside.ndjson');
});

test('a segment that somebody has deleted does not stand in the way', async () => {
  const spool = await openTestSpool(disk);
  await seal(spool, 'a');
  await seal(spool, 'b');
  const first = await spool.segments.next(never);
  await disk.remove(first.path);
  await spool.segments.setAside(first, 'it is gone');
  expect((await spool.segments.next(never)).number).toBe(2);
});

test('a segment of an earlier process waits until a newer head is durable', async () => {
  const spool = await openTestSpool(disk);
  await append(spool, 'a');
  disk = disk.kill();
  disk.fate = ({ kind }) => (kind === 'write' ? 'ENOSPC' : 'done');
  const again = await openTestSpool(disk);
  let isOffered = false;
  const next = again.segments.next(never).then(() => {
    isOffered = true;
  });
  await turns();
  expect(isOffered).toBe(false);
  disk.fate = () => 'done';
  await sweep(1000);
  await next;
  expect(isOffered).toBe(true);
});
