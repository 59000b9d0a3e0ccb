// Goal: a server of others is asked the same as the embedded engine, and on a cluster every statement names the right table.
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.js';
import { LIMITS } from '../../test/support/query/engine.js';
import { writeSegment } from '../../test/support/segment-file.js';
import { StoreProcess } from '../../test/support/store-process.js';
import { startTlsProxy } from '../../test/support/tls-proxy.js';
import { openLog } from '../platform/diagnostics.js';
import { type Abilities, knownSettings, NEEDED, withKnownSettings } from './abilities.js';
import { addColumns, noteColumns } from './alter-columns.js';
import { openStore } from './clickhouse.js';
import { Erasure } from './erasure.js';
import { quote } from './quote.js';
import type { Store } from './store.js';
import { clusterTables, ONE_SERVER } from './tables.js';

/** Our own store process on a port: an engine of today, with ClickHouse's HTTP interface. */
const server = new StoreProcess({ isOnPort: true });
const log = openLog('test', 'silent');
const never = new AbortController().signal;
const access = { user: 'default', passwordFile: '', caFile: '', connectMsMax: 5000, cluster: '', quorum: 0 };

beforeAll(() => server.start());

afterAll(() => server.remove());

function open(database = 'logboom'): Store {
  return openStore({ server: { urls: [server.url], ...access }, database, log });
}

test('many that open an empty server at once all find the schema', async () => {
  const stores = Array.from({ length: 8 }, () => open('at_once'));
  const answers = await Promise.all(stores.map((store) => store.ttls()));
  expect(answers).toEqual(stores.map(() => new Map()));
  await Promise.all(stores.map((store) => store.close()));
  const numbers = await server.run('SELECT DISTINCT number FROM at_once.migrations ORDER BY number');
  expect(numbers).toMatch(/^1\n2\n3\n/);
});

test('a segment is sent as a body, and repeating it adds nothing', async () => {
  const store = open();
  const logs = Array.from({ length: 2000 }, (_, i) => ({ i: String(i), 'a "b" \\ c': "O'Brien" }));
  const groups = [1, 2].map((seq) => ({ logstoreId: 7, seq, timeMs: Date.UTC(2026, 10, 22), logs }));
  const load = { ...writeSegment(path.join(server.directory, 'body.ndjson'), 1, groups), deadLogstores: [] };
  await store.insertSegment(load, never);
  await store.insertSegment(load, never);
  expect(await store.countSegment(load, never)).toEqual(new Map([[7, 4000]]));
  await server.run('DELETE FROM logboom.logs WHERE seq = 2');
  await store.settleSegment(load.segment.token, never);
  await store.insertMissing(load, never);
  expect(await store.countSegment(load, never)).toEqual(new Map([[7, 4000]]));
  await store.close();
});

test('a run of the server is the same for all who ask, until it is restarted', async () => {
  const stores = [open(), open(), open()];
  const runs = () => Promise.all(stores.map((store) => store.generation(never)));
  // Those that find no mark at the same moment may hear of another one than they put there.
  await runs();
  const [first] = await runs();
  expect(new Set(await runs())).toEqual(new Set([first]));
  await server.end('SIGKILL');
  await server.start();
  expect(await runs()).not.toContain(first);
  expect(new Set(await runs()).size).toBe(1);
  await Promise.all(stores.map((store) => store.close()));
});

test('its certificate has to be for its address, and of somebody who is trusted', async () => {
  const trusted = makeCertificate('127.0.0.1');
  const caFile = path.join(server.directory, 'ca.pem');
  fs.writeFileSync(caFile, trusted.cert);
  const attempt = async (certificate: typeof trusted, more: { readonly caFile?: string }): Promise<string> => {
    const proxy = await startTlsProxy(server.url, certificate);
    const store = openStore({ server: { ...access, ...more, urls: [`https://127.0.0.1:${proxy.port}`] }, log });
    try {
      return (await store.generation(never)) === '' ? '' : 'answered';
    } catch (error) {
      return String(error);
    } finally {
      await store.close();
      await proxy.close();
    }
  };
  expect(await attempt(trusted, { caFile })).toBe('answered');
  expect(await attempt(trusted, {})).toMatch(/self-signed certificate/);
  expect(await attempt(makeCertificate('127.0.0.2'), { caFile })).toMatch(/certificate/);
  expect(await attempt(trusted, { caFile: `${caFile}.none` })).toMatch(/ENOENT/);
});

test('a machine that does not answer is not waited for longer than it may take', async () => {
  // Accepts connections and says nothing, as TLS expects it to.
  const silent = net.createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as net.AddressInfo;
  const urls = [`https://127.0.0.1:${port}`, server.url];
  const store = openStore({ server: { ...access, urls, connectMsMax: 100 }, log });
  expect(await store.generation(never)).toMatch(/./);
  expect(store.servers()).toMatchObject([{ isUp: false, error: 'no connection within 100 ms' }, { isUp: true }]);
  await store.close();
  silent.close();
});

test('what statements cannot do without is in the engine that is shipped', async () => {
  const known = async (table: string) => new Set((await server.run(`SELECT name FROM system.${table}`)).split('\n'));
  expect(await known('data_type_families')).toEqual(
    expect.toSatisfy((all) => NEEDED.type.every((name) => all.has(name))),
  );
  const [functions, settings, ofTables] = await Promise.all([
    known('functions'),
    known('settings'),
    known('merge_tree_settings'),
  ]);
  expect(NEEDED.function.filter((name) => !functions.has(name))).toEqual([]);
  expect(NEEDED.setting.filter((name) => !settings.has(name))).toEqual([]);
  expect(NEEDED['setting of tables'].filter((name) => !ofTables.has(name))).toEqual([]);
});

describe('what a server does not know is left out', () => {
  const abilities: Abilities = {
    version: '1',
    settings: new Set(['max_threads']),
    tableSettings: new Set(['index_granularity']),
    functions: new Set<string>(),
  };

  test('of the settings of a statement', () => {
    expect(knownSettings({ max_threads: 1, async_insert: 0 }, abilities)).toEqual({ max_threads: 1 });
    expect(knownSettings({ async_insert: 0 }, undefined)).toEqual({ async_insert: 0 });
  });

  test('of those of a table', () => {
    const create =
      'CREATE TABLE t (x UInt8)\nENGINE = MergeTree\nSETTINGS\n  a = 1,\n  index_granularity = 2,\n  b = 3';
    expect(withKnownSettings(create, abilities)).toBe(
      'CREATE TABLE t (x UInt8)\nENGINE = MergeTree\nSETTINGS\n  index_granularity = 2',
    );
    expect(withKnownSettings(create.replace('index_', ''), abilities)).not.toContain('SETTINGS');
    const alter = 'ALTER TABLE t\nMODIFY SETTING\n  a = 1,\n  index_granularity = 2';
    expect(withKnownSettings(alter, abilities)).toBe('ALTER TABLE t\nMODIFY SETTING\n  index_granularity = 2');
  });
});

describe('on a cluster', () => {
  const tables = clusterTables('main', 'logboom');

  test('rows lie in a replicated table, and a distributed one asks all of them', () => {
    expect(
      tables.spell('CREATE TABLE IF NOT EXISTS $stored $everywhere (x UInt8) ENGINE = $engine ORDER BY x'),
    ).toEqual([
      "CREATE TABLE IF NOT EXISTS logs_stored ON CLUSTER `main` (x UInt8) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}') ORDER BY x",
    ]);
    expect(tables.spell('CREATE TABLE IF NOT EXISTS logs $everywhere $distributed')).toEqual([
      "CREATE TABLE IF NOT EXISTS logs ON CLUSTER `main` AS `logboom`.logs_stored ENGINE = Distributed('main', 'logboom', 'logs_stored', shard + intDiv(shard, 64))",
    ]);
    expect(ONE_SERVER.spell('CREATE TABLE IF NOT EXISTS logs $everywhere $distributed')).toEqual([]);
  });

  test('columns are added where rows lie first, and indexes only there', () => {
    expect(tables.spell('ALTER TABLE $tables $everywhere ADD COLUMN x UInt8')).toEqual([
      'ALTER TABLE logs_stored ON CLUSTER `main` ADD COLUMN x UInt8',
      'ALTER TABLE logs ON CLUSTER `main` ADD COLUMN x UInt8',
    ]);
    const [stored, asked] = addColumns([{ key: 'path', isRepetitive: false, words: 1 }], tables);
    expect(stored).toMatch(/^ALTER TABLE logs_stored ON CLUSTER `main` ADD COLUMN .*ADD INDEX/);
    expect(asked).toMatch(/^ALTER TABLE logs ON CLUSTER `main` ADD COLUMN (?!.*ADD INDEX)/);
    expect(noteColumns(['path'], 5, tables)).toBe(
      "ALTER TABLE logs_stored ON CLUSTER `main` COMMENT COLUMN `f_path` 'since 5'",
    );
  });

  test('chosen rows are deleted on all servers, and all are asked whether they have gone', async () => {
    const said: string[] = [];
    const erasure = new Erasure({
      tables,
      database: 'logboom',
      // Nothing runs; what is left of rows and parts is left once.
      ask: async ({ sql }) => {
        said.push(sql);
        const isFirst = said.filter((other) => other === sql).length === 1;
        if (sql.startsWith('SELECT DISTINCT name') && sql.includes('partition_id')) return [{ name: 'p' }] as never;
        return (isFirst && sql.includes('logs_stored) WHERE') ? [{ count: '1' }] : []) as never;
      },
      command: async ({ sql }) => {
        said.push(sql);
      },
    });
    const listed = { logstoreId: 7, day: '2026-11-20', part: 0, parts: 1 };
    await erasure.settleInserts(never);
    await erasure.beginList('a', never);
    await erasure.addToList('a', { sql: 'SELECT 1', parameters: {} }, LIMITS, never);
    await erasure.listedDays('a', never);
    await erasure.eraseListed('a', listed, () => {}, never);
    await erasure.dropOldParts(['2026-11-20'], never);
    await erasure.dropList('a', never);
    await erasure.detachedParts(never);
    // All of it is a language that servers of today understand.
    const formatted = await Promise.all(
      said.map((sql) => server.run(`SELECT formatQuerySingleLine(${quote(sql)}) FORMAT RawBLOB`)),
    );
    const changes = formatted.filter((sql) => !sql.startsWith('SELECT'));
    expect(changes.map((sql) => sql.replace(/ \(`day`.*| WHERE .*/, ''))).toEqual([
      'DROP TABLE IF EXISTS logboom.doomed_a ON CLUSTER main SYNC',
      'CREATE TABLE logboom.doomed_a ON CLUSTER main',
      'INSERT INTO logboom.doomed_a SELECT 1',
      'SYSTEM SYNC REPLICA ON CLUSTER main logboom.doomed_a',
      "ALTER TABLE logboom.logs_stored ON CLUSTER main (DELETE IN PARTITION ID '20261120'",
      'SYSTEM WAIT LOADING PARTS ON CLUSTER main logboom.logs_stored',
      'ALTER TABLE logboom.logs_stored ON CLUSTER main (MODIFY SETTING old_parts_lifetime = 0)',
      'SYSTEM START CLEANUP ON CLUSTER main logboom.logs_stored',
      'ALTER TABLE logboom.logs_stored ON CLUSTER main (RESET SETTING  old_parts_lifetime)',
      'DROP TABLE IF EXISTS logboom.doomed_a ON CLUSTER main SYNC',
    ]);
    // The servers share one list.
    expect(formatted.find((sql) => sql.startsWith('CREATE'))).toContain(
      "Tree('/clickhouse/tables/{database}/{table}', ",
    );
    const asked = formatted.filter((sql) => sql.startsWith('SELECT'));
    expect(asked.filter((sql) => !sql.includes("clusterAllReplicas('main'") && !sql.includes('doomed_a'))).toEqual([
      expect.stringContaining('FROM system.tables'),
    ]);
  });

  test('neighbouring shards of a node, and the first shards of nodes, are spread over its parts', () => {
    const partOf = (shard: number, parts: number) => (shard + Math.floor(shard / 64)) % parts;
    for (const parts of [2, 3, 4, 8]) {
      const ofNode = Array.from({ length: parts }, (_, i) => partOf(1 + i, parts));
      const ofNodes = Array.from({ length: parts }, (_, i) => partOf(1 + 64 * i, parts));
      expect(new Set(ofNode).size).toBe(parts);
      expect(new Set(ofNodes).size).toBeGreaterThan(parts / 2);
    }
  });
});
