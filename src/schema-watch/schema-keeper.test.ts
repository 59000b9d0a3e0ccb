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

const tell = (...logstores: LogstoreReport[]) => keeper.reportSchema({ logstores, keys: [], revisions: [] });

/** For as long as the watch needs to believe it. */
async function sendPrices(logstoreId: number, type: 'integer' | 'text'): Promise<void> {
  for (let minute = 0; minute < 8; minute++) {
    await tell(reportOf(logstoreId, ['price'], type));
    clock.turn(60_000);
  }
}

async function changeType(logstoreId: number): Promise<void> {
  await sendPrices(logstoreId, 'integer');
  await sendPrices(logstoreId, 'text');
}

test('what several workers have seen is one schema, and there after a restart', async () => {
  await tell(reportOf(1, ['a', 'b']));
  await tell(reportOf(1, ['b', 'c']));
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
  expect(await tell()).toMatchObject({ openNotices: 1 });
  const crashed = await open();
  const [found] = await crashed.listNotices([1, 2]);
  expect(found).toMatchObject({ logstoreId: 1, notice: { kind: 'typeChanged', from: 'integer', to: 'text' } });
  await keeper.acknowledgeNotices({ logstoreId: 1, isAcknowledged: true, ids: [found?.notice.id ?? 0] });
  expect(await tell()).toMatchObject({ openNotices: 0 });
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
  expect(await tell(reportOf(2, ['a']))).toMatchObject({ openNotices: 0 });
  expect(await keeper.listNotices([1, 2])).toEqual([]);
});

test('fields beyond what there is room for are left out, and the answer says so', async () => {
  for (let id = 1; id <= 8; id++) {
    logstores.add(id);
    const keys = Array.from({ length: 6000 }, (_, n) => `key_${n}`);
    await tell(reportOf(id, keys));
  }
  const counts = await Promise.all([1, 6, 7].map(async (id) => (await keeper.readSchema(id)).fields.length));
  expect(counts).toEqual([5000, 5000, 0]);
  expect((await keeper.readSchema(7)).isCut).toBe(true);
  await keeper.close();
  keeper = await open();
  expect((await keeper.readSchema(6)).fields).toHaveLength(5000);
});

test('a damaged file is kept aside, and the watch begins anew', async () => {
  await tell(reportOf(1, ['a']));
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

test('what one worker has let in all others hear of, also after a restart, until it is forgotten', async () => {
  const keys = [{ logstoreId: 1, keysMax: 3, letIn: ['a', '__proto__'], overGroups: 0, example: '' }];
  const [known] = (await keeper.reportSchema({ logstores: [], keys, revisions: [] })).known;
  expect(known).toMatchObject({ logstoreId: 1, keys: ['a', '__proto__'] });
  const revisions = [[1, known?.revision ?? 0]] as const;
  expect((await keeper.reportSchema({ logstores: [], keys: [], revisions })).known).toEqual([]);
  // A tag is sampled as a field, and let in by its name.
  const [more] = (await keeper.reportSchema({ logstores: [reportOf(1, ['b', '__tag__:a'])], keys: [], revisions }))
    .known;
  expect(more?.keys).toEqual(['a', '__proto__', 'b']);
  expect(await keeper.readSchema(1)).toMatchObject({ keys: 3, fields: [{ name: '__tag__:a' }, { name: 'b' }] });
  await keeper.close();
  keeper = await open();
  const [again] = (await keeper.reportSchema({ logstores: [], keys: [], revisions: [] })).known;
  expect(again?.keys).toEqual(more?.keys);
  await keeper.forgetSchema(1);
  const gone = await keeper.reportSchema({ logstores: [], keys: [], revisions: [[1, again?.revision ?? 0]] });
  expect(gone.known).toEqual([{ logstoreId: 1, revision: 0, keys: [] }]);
});

test('a logstore over its keys is told once, and it is over when a day was without', async () => {
  const keys = [{ logstoreId: 1, keysMax: 3, letIn: [], overGroups: 5, example: 'id_1' }];
  for (let hour = 0; hour < 3; hour++) {
    await keeper.reportSchema({ logstores: [], keys, revisions: [] });
    clock.turn(HOUR);
  }
  const notices = () => keeper.listNotices([1]);
  expect(await notices()).toMatchObject([
    { notice: { kind: 'keysOverCap', from: '3', example: 'id_1', endedMs: null } },
  ]);
  clock.turn(24 * HOUR);
  await tell(reportOf(1, ['a']));
  expect(await notices()).toMatchObject([{ notice: { times: 1, endedMs: expect.any(Number) } }]);
});
