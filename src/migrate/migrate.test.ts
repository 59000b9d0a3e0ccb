// Goal: whatever either store has, holds where, loses or gets meanwhile, a migration ends with the same logs on both sides.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { StoreProcess } from '../../test/support/store-process.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore } from '../store/clickhouse.js';
import type { Store } from '../store/store.js';
import type { Migrated } from './migrate.js';
import { type RunOptions, runMigration, runVerification } from './run-migration.js';

const never = new AbortController().signal;
const log = openLog('test', 'silent');
const shown = { begin: () => undefined, done: () => undefined };
/** At this hour of yesterday, so that no test meets the end of a day. */
const NOON = Math.floor(Date.now() / 86_400_000) * 86_400 - 43_200;

const source = new StoreProcess();
const target = new StoreProcess({ isOnPort: true });
const directory = mkdtempSync(path.join(tmpdir(), 'logboom-migrate-'));
let from: Store;
let to: Store;
let names = 0;
let options: RunOptions;

beforeAll(async () => {
  await Promise.all([source.start(), target.start()]);
  from = openStore({ socket: source.socket, log });
});

/** A database of its own on the target; the source is emptied. */
beforeEach(async () => {
  await from.ping();
  await from.ttls();
  await source.run('TRUNCATE TABLE logboom.logs');
  await to?.close();
  const data = path.join(directory, String(++names));
  const access = { user: 'default', passwordFile: '', caFile: '', connectMsMax: 5000 };
  const server = { urls: [target.url], ...access, cluster: '', quorum: 0 };
  to = openStore({ server, database: `t${names}`, log });
  options = { from, to, data, route: { from: 'here', to: `t${names}` }, shown };
});

afterAll(async () => {
  await Promise.all([from.close(), to.close()]);
  await Promise.all([source.remove(), target.remove()]);
  rmSync(directory, { recursive: true });
});

const migrate = (): Promise<Migrated> => runMigration(options, never);
const verify = () => runVerification(options, shown, never);

interface Rows {
  readonly logstore?: number;
  readonly shard?: number;
  readonly firstSeq?: number;
  readonly hour?: number;
  readonly count?: number;
  /** SQL of a Map(String, String); `number` is the number of the row. */
  readonly fields?: string;
}

async function insert(rows: Rows): Promise<void> {
  const { logstore = 1, shard = 1, firstSeq = 1, hour = 0, count = 100, fields } = rows;
  await source.run(`INSERT INTO logboom.logs (logstore, time, shard, seq, received, row, ttl, topic, source, tags, fields)
SELECT ${logstore}, fromUnixTimestamp64Nano((${NOON + hour * 3600} + number % 3600) * 1000000000 + number), ${shard},
  ${firstSeq} + intDiv(number, 10), ${NOON}, number % 10 + 1, 30, 'topic', '10.0.0.1', map('app', 'x', 'b', 'y'),
  ${fields ?? `map('n', toString(number), 'path', '/é', concat('k', toString(number % 7)), '\\n"')`}
FROM numbers(${count})`);
}

const count = async () => Number(await target.run(`SELECT count() FROM t${names}.logs`));

test('several logstores, shards, days and hours', async () => {
  for (const logstore of [1, 2]) {
    for (const hour of [0, 1, 12, 20]) await insert({ logstore, hour, shard: (hour % 2) + 1, firstSeq: hour * 10 + 1 });
  }
  expect(await migrate()).toMatchObject({ logs: 800, copiedLogs: 800, rounds: 1 });
  expect(await count()).toBe(800);
  expect(await verify()).toMatchObject({ logs: 800, different: [] });
});

test('columns that only one of them has, and such as both have', async () => {
  await from.adaptLayout(['path', 'k1', 'n'], never);
  await insert({});
  await to.adaptLayout(['other', 'k2', 'path'], never);
  await insert({ hour: 1, firstSeq: 11, fields: `map('other', 'o', 'k1', '', 'rare', toString(number))` });
  expect(await migrate()).toMatchObject({ logs: 200 });
  expect(await verify()).toMatchObject({ logs: 200, different: [] });
  const row = await target.run(
    `SELECT f_other, f_k1, isNull(f_path), fields FROM t${names}.logs WHERE seq = 11 AND row = 3 FORMAT TSV`,
  );
  expect(row).toBe(`o\t\t1\t{'rare':'2'}\n`);
});

test('what has come since is copied by the next run, and nothing else', async () => {
  await insert({ hour: 0 });
  await insert({ hour: 5, firstSeq: 11 });
  await migrate();
  await insert({ hour: 5, firstSeq: 21, count: 10 });
  expect(await migrate()).toMatchObject({ logs: 210, copiedLogs: 110, rounds: 1 });
  expect(await migrate()).toMatchObject({ logs: 210, copiedLogs: 0 });
});

test('logs that are deleted in between are deleted there', async () => {
  for (const hour of [0, 5]) await insert({ hour, firstSeq: hour * 10 + 1 });
  await migrate();
  await source.run('ALTER TABLE logboom.logs DELETE WHERE seq = 2 OR seq > 50 SETTINGS mutations_sync = 2');
  // As many others, in the same hour.
  await insert({ hour: 0, firstSeq: 60, count: 10 });
  expect(await migrate()).toMatchObject({ logs: 100 });
  expect(await count()).toBe(100);
  expect(await verify()).toMatchObject({ logs: 100, different: [] });
});

test('an hour with more logs than one insert takes, most of them of one moment', async () => {
  await insert({ count: 150_000 });
  await insert({ firstSeq: 20_000, count: 300_000 });
  expect(await migrate()).toMatchObject({ logs: 450_000 });
  expect(await count()).toBe(450_000);
});

test.each([
  ['is missing', `DELETE WHERE seq = 3 AND row = 4`, { fromLogs: 100, toLogs: 99 }],
  ['is another', `UPDATE fields = map('n', 'x') WHERE seq = 3 AND row = 4`, { fromLogs: 100, toLogs: 100 }],
])('a log that %s is told by its logstore and hour', async (_what, damage, told) => {
  for (const logstore of [1, 2]) for (const hour of [0, 5]) await insert({ logstore, hour, shard: hour + 1 });
  await migrate();
  await target.run(`ALTER TABLE t${names}.logs ${damage} AND logstore = 2 AND shard = 6 SETTINGS mutations_sync = 2`);
  expect(await verify()).toMatchObject({
    logs: 300,
    hours: 3,
    different: [{ logstoreId: 2, hour: NOON + 5 * 3600, ...told }],
  });
});

test('logs that the target got after the switch-over are no difference', async () => {
  await insert({});
  await migrate();
  await target.run(`INSERT INTO t${names}.logs (logstore, time, shard, seq, row, ttl)
SELECT 1, fromUnixTimestamp(${NOON}), 1, 100, number, 30 FROM numbers(5)`);
  expect(await verify()).toMatchObject({ logs: 100, different: [] });
});

test('a store with logs of others, or with nodes, is not copied to', async () => {
  await insert({});
  await to.ttls();
  await target.run(`INSERT INTO t${names}.logs (logstore, time, shard, seq, row, ttl) VALUES (1, now(), 1, 1, 1, 30)`);
  await expect(migrate()).rejects.toThrow('that no migration from here has brought');
  await target.run(`TRUNCATE TABLE t${names}.logs`);
  await migrate();
  await to.sharedRows('catalog').write([{ key: 'k', version: 1, text: '{}' }], never);
  await expect(migrate()).rejects.toThrow('is the store of nodes already');
  options = { ...options, route: { from: 'here', to: 'elsewhere' } };
  await expect(migrate()).rejects.toThrow(`a migration from here to t${names} was begun before`);
});
