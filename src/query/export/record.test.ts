// Goal: what is known of an export survives whatever happens to its file, and the files do not gather.
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock.js';
import { type Checkpoint, ExportRecords, readRecord } from './record.js';
import type { ExportTask } from './task.js';

const directory = mkdtempSync(path.join(tmpdir(), 'logboom-records-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const TASK: ExportTask = {
  logstoreId: 7,
  query: 'a and "b"',
  fromMs: 0,
  toMs: 1000,
  order: 'oldestFirst',
  format: 'csv',
  compression: 'gzip',
  columns: ['__time__', 'x'],
  zone: null,
  formulaSafe: true,
  bounds: [{ shard: 1, lastSeq: 4711 }],
};

function checkpoint(bytes: number, more: Partial<Checkpoint> = {}): Checkpoint {
  const place = { timeNs: BigInt(bytes), shard: 1, seq: 2n, row: 3 };
  return { bytes, logs: bytes, sha256: 'ab', from: 0, place, rowGroup: null, isEnd: false, ...more };
}

const bytesOf = (record: { checkpoints: readonly Checkpoint[] } | null) =>
  record?.checkpoints.map(({ bytes }) => bytes);

test('what was written is read back, by another worker too', async () => {
  const records = new ExportRecords(directory, systemClock);
  const id = await records.create(TASK);
  const save = await records.beginLeg(id, 0);
  await save(checkpoint(10));
  await save(checkpoint(20, { isEnd: true }));
  const record = await new ExportRecords(directory, systemClock).read(id);
  expect(record?.task).toEqual(TASK);
  expect(record?.checkpoints.slice(1)).toMatchObject([checkpoint(10), checkpoint(20, { isEnd: true })]);
});

test('behind a new beginning, what the answer before it still writes does not count', async () => {
  const records = new ExportRecords(directory, systemClock);
  const id = await records.create(TASK);
  const saveOld = await records.beginLeg(id, 0);
  for (const bytes of [10, 20, 30]) await saveOld(checkpoint(bytes));
  const save = await records.beginLeg(id, 20);
  await saveOld(checkpoint(40));
  await save(checkpoint(35, { from: 20 }));
  expect(bytesOf(await records.read(id))).toEqual([0, 10, 20, 35]);
});

test('a line that was torn, and anything that is no line of ours, is passed over', () => {
  const leg = '{"leg":"a","begin":0}';
  const good = JSON.stringify({ leg: 'a', ...checkpoint(10), place: '10-1-2-3' });
  const lines = [JSON.stringify({ task: TASK }), leg, good.slice(0, -9), '', 'null', '[1]', '{"leg":1}', good];
  expect(bytesOf(readRecord(lines.join('\n')))).toEqual([0, 10]);
  expect(readRecord('')).toBeNull();
  expect(readRecord(good)).toBeNull();
});

test('an id that is none is known to nobody', async () => {
  const records = new ExportRecords(directory, systemClock);
  for (const id of ['', '../x', '0'.repeat(24), 'G'.repeat(24)]) expect(await records.read(id)).toBeNull();
});

test('what is a day old is removed, and what is over a thousand', async () => {
  const records = new ExportRecords(directory, systemClock);
  const old = await records.create(TASK);
  const yesterday = Date.now() / 1000 - 24 * 3600 - 1;
  utimesSync(path.join(directory, `${old}.ndjson`), yesterday, yesterday);
  for (let i = 0; i < 1002; i += 1) writeFileSync(path.join(directory, `${String(i).padStart(24, '0')}.ndjson`), '');
  const id = await records.create(TASK);
  expect(await records.read(old)).toBeNull();
  expect(readdirSync(directory)).toHaveLength(1000);
  expect(await records.read(id)).not.toBeNull();
});
