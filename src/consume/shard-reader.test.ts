// Goal: a shard is read in its order from the real store: over gaps, and no further than the store is known to be complete.
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeLogGroupList } from '../../test/support/log-group-list.js';
import { writeSegment } from '../../test/support/segment-file.js';
import { StoreProcess } from '../../test/support/store-process.js';
import type { ShardPosition } from '../model/shard-position.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore } from '../store/clickhouse.js';
import type { Store } from '../store/store.js';
import { type Pull, ShardReader } from './shard-reader.js';

const storeProcess = new StoreProcess();
const never = new AbortController().signal;
const limits = { timeMsMax: 20_000, memoryBytesMax: 300_000_000, rowsMax: 0 };
const place = { logstoreId: 7, shard: 1 };
const NOON_MS = Date.UTC(2026, 10, 22, 12);
let store: Store;

beforeAll(async () => {
  await storeProcess.start();
  store = openStore({ socket: storeProcess.socket, log: openLog('test', 'silent') });
  // 2 to 4 were never acknowledged, 40 to 999 are a gap that no answer reaches over.
  const seqs = [0, 1, 5, 6, ...Array.from({ length: 30 }, (_, i) => 10 + i), 1000];
  const groups = seqs.map((seq) => ({
    logstoreId: place.logstoreId,
    seq,
    timeMs: NOON_MS + seq * 1000,
    logs: [{ n: `${seq}.1` }, { n: `${seq}.2` }],
  }));
  const file = writeSegment(path.join(storeProcess.directory, 'segment.ndjson'), 1, groups);
  await store.insertSegment({ ...file, deadLogstores: [] }, never);
});

afterAll(async () => {
  await store.close();
  await storeProcess.remove();
});

/** What a pull gives: the `n` of every log, and where it goes on. */
async function pull(wanted: Partial<Pull>, position: Partial<ShardPosition> = {}) {
  const whole = { next: 1001, loaded: 1001, storeRun: null, ...position };
  const reader = new ShardReader({ store, limits, position: async () => whole });
  const pulled = await reader.pull({ place, from: 0, below: 1e9, count: 1000, ...wanted }, never);
  const groups = pulled.list === undefined ? [] : decodeLogGroupList(pulled.list.bytes);
  pulled.release();
  return { logs: groups.flatMap(({ logs }) => logs.map(({ contents }) => contents['n'])), next: pulled.next };
}

test('an answer ends at a gap, and a cursor within one goes on behind it', async () => {
  expect(await pull({ from: 0 })).toEqual({ logs: ['0.1', '0.2', '1.1', '1.2'], next: 2 });
  expect(await pull({ from: 2 })).toEqual({ logs: ['5.1', '5.2', '6.1', '6.2'], next: 7 });
  expect(await pull({ from: 3, count: 1 })).toEqual({ logs: ['5.1', '5.2'], next: 6 });
  expect(await pull({ from: 500 })).toEqual({ logs: ['1000.1', '1000.2'], next: 1001 });
});

test('where nothing is left below the end, the cursor moves there', async () => {
  expect(await pull({ from: 50 }, { loaded: 900 })).toEqual({ logs: [], next: 900 });
  expect(await pull({ from: 50, below: 60 })).toEqual({ logs: [], next: 60 });
});

test('what may be incomplete in the store is not given yet', async () => {
  expect(await pull({ from: 0 }, { loaded: 1 })).toEqual({ logs: ['0.1', '0.2'], next: 1 });
  expect(await pull({ from: 5 }, { loaded: 5 })).toEqual({ logs: [], next: 5 });
});

test('nor is anything, as long as the position is that of another run of the store', async () => {
  expect(await pull({ from: 0 }, { storeRun: 'another one' })).toEqual({ logs: [], next: 0 });
  const storeRun = await store.generation(never);
  expect((await pull({ from: 0 }, { storeRun })).next).toBe(2);
});

test('a log group is found by when it was received', async () => {
  const reader = new ShardReader({ store, limits, position: async () => ({ next: 0, loaded: 0, storeRun: null }) });
  const range = { from: 0, below: 1001 };
  const noon = NOON_MS / 1000;
  expect(await reader.find(place, range, 'first')).toEqual({ seq: 0, received: noon });
  expect(await reader.find(place, range, 'first', noon + 2)).toEqual({ seq: 5, received: noon + 5 });
  expect(await reader.find(place, range, 'last')).toEqual({ seq: 1000, received: noon + 1000 });
  expect(await reader.find(place, range, 'first', noon + 2000)).toBeUndefined();
});
