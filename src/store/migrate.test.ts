// Goal: the schema is there whoever comes first, and however many come at once.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreProcess } from '../../test/support/store-process.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore } from './clickhouse.js';

const storeProcess = new StoreProcess();

beforeAll(() => storeProcess.start());

afterAll(() => storeProcess.remove());

function open(database?: string) {
  return openStore({ socket: storeProcess.socket, log: openLog('test', 'silent'), ...(database && { database }) });
}

test('many workers that start at once all find the schema, and it is recorded', async () => {
  const stores = Array.from({ length: 6 }, () => open());
  const answers = await Promise.all(stores.map((store) => store.ttls()));
  expect(answers).toEqual(stores.map(() => new Map()));
  await Promise.all(stores.map((store) => store.close()));
  const recorded = await storeProcess.run('SELECT DISTINCT number, name FROM logboom.migrations ORDER BY number');
  expect(recorded).toBe(
    '1\t0001-logs.sql\n2\t0002-consume.sql\n3\t0003-words.sql\n4\t0004-shared.sql\n5\t0005-merges.sql\n',
  );
});

test('a schema that is there is left alone', async () => {
  const before = await storeProcess.run('SELECT count() FROM logboom.migrations');
  const store = open();
  await store.ttls();
  await store.close();
  expect(await storeProcess.run('SELECT count() FROM logboom.migrations')).toBe(before);
});

test('the schema of the first state of the code becomes that of today, with its logs', async () => {
  const fixture = readFileSync(new URL('../../test/fixtures/store-0.1-first.sql', import.meta.url), 'utf8');
  for (const statement of fixture.split(/;$/m).filter((each) => each.trim() !== '')) await storeProcess.run(statement);
  const store = open('first');
  expect(await store.ttls()).toEqual(new Map([[3, [30]]]));
  await store.close();
  const columns = await storeProcess.run(`DESCRIBE TABLE first.logs FORMAT JSONCompactEachRow`);
  expect(columns).toContain('"received"');
  expect(await storeProcess.run('SELECT fields, received = toDateTime(time) FROM first.logs')).toBe("{'k':'v'}\t1\n");
});

test('what a later version has added is left alone', async () => {
  const store = open('later');
  await store.ttls();
  await store.close();
  await storeProcess.run(`ALTER TABLE later.logs ADD COLUMN mood String DEFAULT 'fine'`);
  await storeProcess.run(`CREATE TABLE later.moods (mood String) ENGINE = MergeTree ORDER BY mood`);
  await storeProcess.run(`INSERT INTO later.migrations VALUES (9999, '9999-moods.sql', now64(3))`);
  const older = open('later');
  await older.setTtl(1, 2);
  expect(await older.ttls()).toEqual(new Map());
  await older.close();
  expect(await storeProcess.run('SELECT max(number) FROM later.migrations')).toBe('9999\n');
  expect(await storeProcess.run(`SELECT count() FROM system.columns WHERE database = 'later' AND name = 'mood'`)).toBe(
    '2\n',
  );
});

test('databases with any name are kept apart', async () => {
  const name = 'a `b';
  const store = open(name);
  await store.setTtl(1, 2);
  await store.close();
  const tables = await storeProcess.run(`SELECT name FROM system.tables WHERE database = '${name}' ORDER BY name`);
  expect(tables).toBe('logs\nmigrations\nshared_leases\nshared_rows\n');
});
