// Goal: a segment that the disk cannot read costs its own insert and nothing else; an engine that crashes ends its process.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from '../../src/platform/diagnostics.js';
import { openStore } from '../../src/store/clickhouse.js';
import { MemoryDisk, missingForMemoryDisk } from '../support/crash/memory-disk.js';
import { writeSegment } from '../support/segment-file.js';
import { StoreProcess } from '../support/store-process.js';

const missing = missingForMemoryDisk();
const skipped = missing === null ? '' : ` (skipped, needs ${missing})`;
if (missing !== null) console.warn(`segments that cannot be read are not tested: that needs ${missing}`);
const never = new AbortController().signal;

describe.skipIf(missing !== null)(`a hole in a file on a full disk in memory, which cannot be mapped${skipped}`, () => {
  let storeProcess: StoreProcess;
  let disk: MemoryDisk;
  let file: string;

  beforeEach(async () => {
    storeProcess = new StoreProcess();
    await storeProcess.start();
    disk = new MemoryDisk({ directory: path.join(storeProcess.directory, 'disk'), bytes: 1024 * 1024 });
    file = path.join(disk.directory, '1.ndjson');
  });

  afterEach(async () => {
    await storeProcess.end('SIGKILL');
    disk.remove();
    await storeProcess.remove();
  });

  test('makes the insert of a segment fail, and the store lives', async () => {
    const store = openStore({ socket: storeProcess.socket, log: openLog('test', 'silent') });
    const groups = [{ logstoreId: 1, seq: 0, timeMs: Date.UTC(2026, 10, 22), logs: [{ text: 'a log' }] }];
    const segment = writeSegment(file, 1, groups);
    makeHole();
    await expect(store.insertSegment({ ...segment, deadLogstores: [] }, never)).rejects.toThrow();
    expect(await store.countSegment({ ...segment, deadLogstores: [] }, never)).toEqual(new Map());
    await store.close();
  });

  test('crashes an engine that maps files, and its process ends', async () => {
    fs.writeFileSync(file, '{"a":"1"}\n');
    makeHole();
    const sql = `SELECT count() FROM file('${file}', 'JSONEachRow', 'a String') SETTINGS storage_file_read_method = 'mmap'`;
    await expect(storeProcess.run(sql)).rejects.toThrow();
    await expect.poll(() => storeProcess.hasEnded, { timeout: 10_000 }).toBe(true);
  });

  /** Behind what is in the file, and no page is left for it. */
  function makeHole(): void {
    fs.truncateSync(file, 128 * 1024);
    expect(() => fs.writeFileSync(path.join(disk.directory, 'ballast'), Buffer.alloc(2 * 1024 * 1024))).toThrow(
      'ENOSPC',
    );
  }
});
