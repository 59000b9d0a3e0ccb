// Goal: what is known of schemas outlives the process, belongs to logstores that exist, and has bounds.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.js';
import { realDisk } from '../platform/disk.js';
import type { LogstoreReport } from './report.js';
import { openSchemaKeeper, type SchemaKeeper } from './schema-keeper.js';

const HOUR = 3_600_000;

let dir: string;
let clock: ManualClock;
let logstores: Set<number>;
let keeper: SchemaKeeper;

const open = () =>
  openSchemaKeeper({
    dir,
    disk: realDisk,
    clock,
    log: pino({ level: 'silent' }),
    hasLogstore: (id) => logstores.has(id),
  });

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'logboom-schema-'));
  clock = new ManualClock();
  logstores = new Set([1, 2]);
  keeper = await open();
});

afterEach(async () => {
  await keeper.close();
  await rm(dir, { recursive: true });
});

function reportOf(logstoreId: number, keys: readonly string[], type: 'integer' | 'text' = 'text'): LogstoreReport {
  const cells = [{ type, origin: 0, version: 0, count: 100 }];
  return { logstoreId, logs: 100, origins: [''], versions: ['1'], fields: keys.map((key) => ({ key, cells })) };
}

/** For as long as the watch needs to believe it. */
async function sendPrices(logstoreId: number, type: 'integer' | 'text'): Promise<void> {
  for (let minute = 0; minute < 8; minute++) {
    await keeper.reportSchema([reportOf(logstoreId, ['price'], type)]);
    clock.turn(60_000);
  }
}

async function changeType(logstoreId: number): Promise<void> {
  await sendPrices(logstoreId, 'integer');
  await sendPrices(logstoreId, 'text');
}

test('what several workers have seen is one schema, and there after a restart', async () => {
  await keeper.reportSchema([reportOf(1, ['a', 'b'])]);
  await keeper.reportSchema([reportOf(1, ['b', 'c'])]);
  const before = await keeper.readSchema(1);
  expect(before.sampledLogs).toBe(200);
  expect(before.fields.map(({ name, share }) => [name, share])).toEqual([
    ['b', 1],
    ['a', 0.5],
    ['c', 0.5],
  ]);
  await keeper.close();
  keeper = await open();
  expect(await keeper.readSchema(1)).toEqual(before);
});

test('a notice is on disk at once, and stays acknowledged', async () => {
  await changeType(1);
  expect(await keeper.reportSchema([])).toMatchObject({ openNotices: 1 });
  const crashed = await open();
  const [found] = await crashed.listNotices([1, 2]);
  expect(found).toMatchObject({ logstoreId: 1, notice: { kind: 'typeChanged', from: 'integer', to: 'text' } });
  await keeper.acknowledgeNotices({ logstoreId: 1, isAcknowledged: true, ids: [found?.notice.id ?? 0] });
  expect(await keeper.reportSchema([])).toMatchObject({ openNotices: 0 });
  const again = await open();
  expect(await again.listNotices([1])).toMatchObject([{ notice: { isAcknowledged: true } }]);
});

test('a forgotten schema begins anew, and one of a deleted logstore is gone', async () => {
  await changeType(1);
  await changeType(2);
  await keeper.forgetSchema(1);
  expect(await keeper.readSchema(1)).toMatchObject({ since: null, fields: [] });
  expect(await keeper.listNotices([1, 2])).toHaveLength(1);
  logstores.delete(2);
  expect(await keeper.reportSchema([reportOf(2, ['a'])])).toMatchObject({ openNotices: 0 });
  expect(await keeper.listNotices([1, 2])).toEqual([]);
});

test('fields beyond what there is room for are left out, and the answer says so', async () => {
  for (let id = 1; id <= 8; id++) {
    logstores.add(id);
    const keys = Array.from({ length: 6000 }, (_, n) => `key_${n}`);
    await keeper.reportSchema([reportOf(id, keys)]);
  }
  const counts = await Promise.all([1, 6, 7].map(async (id) => (await keeper.readSchema(id)).fields.length));
  expect(counts).toEqual([5000, 5000, 0]);
  expect((await keeper.readSchema(7)).isCut).toBe(true);
  await keeper.close();
  keeper = await open();
  expect((await keeper.readSchema(6)).fields).toHaveLength(5000);
});

test('a damaged file is kept aside, and the watch begins anew', async () => {
  await keeper.reportSchema([reportOf(1, ['a'])]);
  await keeper.close();
  await writeFile(path.join(dir, 'schema.json'), '{"crc":"00000000","len":"0000');
  keeper = await open();
  expect(await keeper.readSchema(1)).toMatchObject({ since: null });
  expect((await readdir(dir)).some((file) => file.startsWith('schema.json.damaged-'))).toBe(true);
});

test('what goes back and forth for a week is one notice, and comes anew after it', async () => {
  await changeType(1);
  await changeType(1);
  expect(await keeper.listNotices([1])).toMatchObject([{ notice: { times: 2 } }]);
  await sendPrices(1, 'integer');
  clock.turn(8 * 24 * HOUR);
  await changeType(1);
  expect(await keeper.listNotices([1])).toHaveLength(2);
});
