// Goal: however the store process ends or hangs, its caller learns of it in time, and a retry leaves every log there once.
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeSegment } from '../../test/support/segment-file.js';
import { StoreProcess } from '../../test/support/store-process.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore } from './clickhouse.js';
import { type SegmentLoad, type Store, StoreUnavailable } from './store.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const LOGS = 20_000;
const never = new AbortController().signal;

let storeProcess: StoreProcess;
let store: Store;

beforeEach(async () => {
  storeProcess = new StoreProcess();
  await storeProcess.start();
  store = openStore({
    socket: storeProcess.socket,
    log: openLog('test', 'silent'),
    answerMsMax: 20_000,
    pingMsMax: 500,
  });
  await store.ttls();
});

afterEach(async () => {
  await store.close();
  await storeProcess.remove();
});

/** A segment with logs of two days, so that an insert has two parts and can end between them. */
function writeLoad(number: number): SegmentLoad {
  const logs = Array.from({ length: LOGS / 20 }, (_, i) => ({ text: `log ${i} of segment ${number}`, i: String(i) }));
  const groups = Array.from({ length: 20 }, (_, i) => {
    const seq = number * 20 + i;
    return { logstoreId: 1, seq, timeMs: NOON_MS + (i % 2) * 24 * 3600 * 1000, logs };
  });
  const file = writeSegment(path.join(storeProcess.directory, `${number}.ndjson`), number, groups);
  return { ...file, deadLogstores: [] };
}

describe('a store that is killed in the middle of an insert', () => {
  test('has each log once after the insert was repeated', async () => {
    let interrupted = 0;
    for (let round = 0; round < 6; round++) {
      const load = writeLoad(round);
      const insert = store.insertSegment(load, never).then(
        () => 'done',
        (error: unknown) => error,
      );
      await sleep(round * 25 + Math.random() * 25);
      await storeProcess.end('SIGKILL');
      const outcome = await insert;
      if (outcome !== 'done') {
        expect(outcome).toBeInstanceOf(StoreUnavailable);
        interrupted++;
      }
      await storeProcess.start();
      await store.insertSegment(load, never);
      expect(await store.countSegment(load, never)).toEqual(new Map([[1, LOGS]]));
    }
    expect(interrupted).toBeGreaterThan(0);
  });
});

describe('a store that hangs', () => {
  test('is unavailable once the patience for a ping or an insert has ended, and takes the insert afterwards', async () => {
    const impatient = openStore({
      socket: storeProcess.socket,
      log: openLog('test', 'silent'),
      answerMsMax: 500,
      pingMsMax: 200,
    });
    const load = writeLoad(0);
    storeProcess.signal('SIGSTOP');
    await expect(impatient.ping()).rejects.toThrow(StoreUnavailable);
    await expect(impatient.generation(never)).rejects.toThrow(StoreUnavailable);
    await expect(impatient.insertSegment(load, never)).rejects.toThrow(StoreUnavailable);
    storeProcess.signal('SIGCONT');
    await store.settleSegment(load.segment.token, never);
    await store.insertSegment(load, never);
    expect(await store.countSegment(load, never)).toEqual(new Map([[1, LOGS]]));
    await impatient.close();
  });

  test('is unavailable at once when it is killed', async () => {
    storeProcess.signal('SIGSTOP');
    const insert = store.insertSegment(writeLoad(0), never);
    await Promise.all([expect(insert).rejects.toThrow(StoreUnavailable), storeProcess.end('SIGKILL')]);
  });
});

test('a restarted store has another generation, the same one keeps its own', async () => {
  const before = await store.generation(never);
  expect(await store.generation(never)).toBe(before);
  await storeProcess.end('SIGKILL');
  await storeProcess.start();
  expect(await store.generation(never)).not.toBe(before);
});
