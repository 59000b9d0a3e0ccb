// Goal: every log of every segment becomes one row, whatever happens to the store meanwhile, and no segment stops those behind it.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GroupLine, type SegmentFile, writeSegment } from '../../test/support/segment-file.js';
import { StoreProcess } from '../../test/support/store-process.js';
import type { SealedSegment } from '../model/segment.js';
import { systemClock } from '../platform/clock.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore } from '../store/clickhouse.js';
import type { Store } from '../store/store.js';
import { type Loader, type LoaderOptions, openLoader } from './loader.js';
import type { SegmentQueue } from './segment-queue.js';

/** Others use the machine as well; what should come may take its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const log = openLog('test', 'silent');
const never = new AbortController().signal;

/** Segments in files, as the spool would hand them out; where they are in its life is kept in memory alone. */
class Segments implements SegmentQueue {
  readonly waiting: SegmentFile[] = [];
  readonly loaded: SegmentFile[] = [];
  readonly aside: { number: number; reason: string }[] = [];

  async next(signal: AbortSignal): Promise<SealedSegment> {
    for (;;) {
      signal.throwIfAborted();
      if (this.waiting[0] !== undefined) return this.waiting[0].segment;
      await sleep(5, undefined, { signal });
    }
  }

  async inspect({ number }: SealedSegment): Promise<SegmentFile> {
    const file = [...this.waiting, ...this.loaded].find(({ segment }) => segment.number === number);
    if (file === undefined) throw new Error(`no segment ${number}`);
    return file;
  }

  async markLoaded(_segment: SealedSegment): Promise<void> {
    const file = this.waiting.shift();
    if (file !== undefined) this.loaded.push(file);
  }

  held(): readonly SealedSegment[] {
    return this.loaded.map(({ segment }) => segment);
  }

  async setAside({ number }: SealedSegment, reason: string): Promise<void> {
    this.waiting.shift();
    this.aside.push({ number: number % 1000, reason });
  }
}

const storeProcess = new StoreProcess();
let store: Store;
let segments: Segments;
let loader: Loader;
/** The first of the logstores that a test has for itself. */
let id = 0;

beforeAll(async () => {
  await storeProcess.start();
  store = openStore({ socket: storeProcess.socket, log });
});

beforeEach(() => {
  segments = new Segments();
  id += 10;
});

afterEach(async () => {
  await loader.close(0);
});

afterAll(async () => {
  await store.close();
  await storeProcess.remove();
});

function start(more: Partial<LoaderOptions> = {}): void {
  const retry = { retryMsMin: 5, retryMsMax: 20, watchMs: 50 };
  const catalog = { deadLogstores: () => [] };
  loader = openLoader({ segments, store, catalog, clock: systemClock, log, ...retry, ...more });
}

function write(number: number, groups: readonly GroupLine[], more: Partial<SealedSegment> = {}): SegmentFile {
  const unique = id * 1000 + number;
  const file = writeSegment(path.join(storeProcess.directory, `${unique}.ndjson`), unique, groups);
  return { ...file, segment: { ...file.segment, ...more } };
}

/** Groups of two logstores and two days. */
function groups(number: number, logsEach = 50): GroupLine[] {
  const logs = Array.from({ length: logsEach }, (_, i) => ({ i: String(i) }));
  const at = (day: number) => NOON_MS + day * 24 * 3600 * 1000;
  return [0, 1, 2, 3].map((i) => ({ logstoreId: id + (i % 2), seq: number * 4 + i, timeMs: at(i >> 1), logs }));
}

/** All rows, and how many different ones. */
async function rowCounts(): Promise<{ rows: number; different: number }> {
  const sql =
    'SELECT count() AS rows, uniqExact(logstore, shard, seq, row) AS different FROM logs WHERE intDiv(logstore, 10) = intDiv({id:UInt64}, 10)';
  const limits = { timeMsMax: 20_000, memoryBytesMax: 300_000_000, rowsMax: 10 };
  for await (const row of store.query<{ rows: string; different: string }>(
    { sql, parameters: { id } },
    limits,
    never,
  )) {
    return { rows: Number(row.rows), different: Number(row.different) };
  }
  throw new Error('no answer');
}

async function lose(logstore: number): Promise<void> {
  await storeProcess.run(`ALTER TABLE logboom.logs DELETE WHERE logstore = ${logstore} SETTINGS mutations_sync = 1`);
}

const loadedNumbers = () => segments.loaded.map(({ segment }) => segment.number % 1000);

test('segments are loaded in order, each log once', async () => {
  for (const number of [1, 2, 3]) segments.waiting.push(write(number, groups(number)));
  start();
  await eventually(loadedNumbers).toEqual([1, 2, 3]);
  expect(await rowCounts()).toEqual({ rows: 600, different: 600 });
  expect(loader.status()).toMatchObject({
    loadedSegments: 3,
    loadedLogs: 600,
    setAsideSegments: 0,
    lastError: undefined,
  });
});

describe('a segment of an earlier process', () => {
  const old = { fresh: false };

  test('is only marked if all of it is there', async () => {
    const file = write(1, groups(1), old);
    await store.insertSegment({ ...file, deadLogstores: [] }, never);
    segments.waiting.push(file);
    start();
    await eventually(loadedNumbers).toEqual([1]);
    expect(await rowCounts()).toEqual({ rows: 200, different: 200 });
  });

  test('is completed if some of it is', async () => {
    const file = write(1, groups(1), old);
    await store.insertSegment({ ...file, deadLogstores: [] }, never);
    await lose(id + 1);
    expect((await rowCounts()).rows).toBe(100);
    segments.waiting.push(file);
    start();
    await eventually(loadedNumbers).toEqual([1]);
    expect(await rowCounts()).toEqual({ rows: 200, different: 200 });
  });

  test('is loaded if the store remembers its token but has lost its rows', async () => {
    const file = write(1, groups(1), old);
    await store.insertSegment({ ...file, deadLogstores: [] }, never);
    await lose(id);
    await lose(id + 1);
    segments.waiting.push(file);
    start();
    await eventually(loadedNumbers).toEqual([1]);
    expect(await rowCounts()).toEqual({ rows: 200, different: 200 });
  });

  test('does not wait for logs of deleted logstores', async () => {
    segments.waiting.push(write(1, groups(1), old));
    segments.waiting.push(write(2, groups(2)));
    start({ catalog: { deadLogstores: () => [id + 1] } });
    await eventually(loadedNumbers).toEqual([1, 2]);
    expect(await rowCounts()).toEqual({ rows: 200, different: 200 });
  });
});

test('an empty segment stops nothing', async () => {
  segments.waiting.push(write(1, [], { fresh: false }), write(2, []), write(3, groups(3)));
  start();
  await eventually(loadedNumbers).toEqual([1, 2, 3]);
  expect(await rowCounts()).toEqual({ rows: 200, different: 200 });
});

describe('a segment that the store will not take', () => {
  test('is set aside, and the next one is loaded', async () => {
    const broken = write(1, groups(1));
    fs.appendFileSync(broken.segment.path, '{"id":"not a number"}\n');
    segments.waiting.push(broken, write(2, groups(2)));
    start();
    await eventually(loadedNumbers).toEqual([2]);
    expect(segments.aside).toMatchObject([{ number: 1, reason: expect.stringContaining('JSON') }]);
    expect(loader.status()).toMatchObject({ loadedSegments: 1, setAsideSegments: 1, lastError: undefined });
  });

  test('is set aside as well if it never has as many logs as it says', async () => {
    const file = write(1, groups(1), { fresh: false });
    const contents = { ...file.contents, logstores: new Map([[id, { logs: 101, firstSeq: 4, lastSeq: 7 }]]) };
    segments.waiting.push({ ...file, contents }, write(2, groups(2)));
    start();
    await eventually(loadedNumbers).toEqual([2]);
    expect(segments.aside).toMatchObject([{ number: 1, reason: expect.stringContaining('has some of segment') }]);
  });
});

describe('a store that goes away', () => {
  test('is waited for, and the lag grows meanwhile', async () => {
    let nowMs = NOON_MS;
    await store.generation(never);
    await storeProcess.end('SIGKILL');
    segments.waiting.push(write(1, groups(1)));
    start({ clock: { wallMs: () => nowMs, monotonicMs: () => nowMs } });
    await eventually(() => loader.status().lastError).toBeDefined();
    nowMs += 60_000;
    expect(loader.status().lagMs).toBe(60_000);
    await storeProcess.start();
    await eventually(loadedNumbers).toEqual([1]);
    await eventually(() => loader.status()).toMatchObject({ lagMs: 0, lastError: undefined });
  });

  test('again and again while it is loading leaves every log there once', async () => {
    for (let number = 0; number < 16; number++) segments.waiting.push(write(number, groups(number, 1000)));
    start();
    for (let round = 0; round < 3; round++) {
      await sleep(150 + Math.random() * 150);
      await storeProcess.end('SIGKILL');
      await storeProcess.start();
    }
    await eventually(() => segments.waiting.length).toBe(0);
    expect(await rowCounts()).toEqual({ rows: 64_000, different: 64_000 });
  });

  test('and has lost logs of segments that it had confirmed gets them again', async () => {
    for (const number of [1, 2, 3]) segments.waiting.push(write(number, groups(number)));
    start();
    await eventually(loadedNumbers).toEqual([1, 2, 3]);
    await lose(id);
    await storeProcess.end('SIGTERM');
    await storeProcess.start();
    await eventually(() => loader.status()).toMatchObject({ verifiedSegments: 3, repairedSegments: 3 });
    expect(await rowCounts()).toEqual({ rows: 600, different: 600 });
  });

  test('and is back is looked through while new logs are loaded', async () => {
    const before = Array.from({ length: 12 }, (_, number) => write(number, groups(number, 1)));
    segments.waiting.push(...before);
    start();
    await eventually(() => segments.loaded.length).toBe(12);
    // Gone from the spool meanwhile, as what was held for long enough is.
    const gone = segments.loaded.splice(3, 1);
    await lose(id);
    await storeProcess.end('SIGKILL');
    segments.waiting.push(write(20, groups(20, 1)));
    await storeProcess.start();
    await eventually(() => loader.status()).toMatchObject({
      verifiedSegments: 11,
      repairedSegments: 11,
      lastError: undefined,
    });
    await eventually(() => segments.waiting.length).toBe(0);
    expect(gone).toHaveLength(1);
    // Each segment has four logs, two of them of the logstore that was lost.
    expect(await rowCounts()).toEqual({ rows: 13 * 4 - 2, different: 13 * 4 - 2 });
  });

  test('does not keep the loader from closing', async () => {
    segments.waiting.push(write(1, groups(1)));
    await store.generation(never);
    storeProcess.signal('SIGSTOP');
    start();
    await eventually(() => loader.status().lagMs).toBeGreaterThan(0);
    const since = performance.now();
    await loader.close(100);
    storeProcess.signal('SIGCONT');
    expect(performance.now() - since).toBeLessThan(5000);
    expect(loadedNumbers()).toEqual([]);
  });
});
