// Goal: the schema is there whoever comes first, and however many come at once.
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
  expect(recorded).toBe('1\t0001-logs.sql\n2\t0002-consume.sql\n3\t0003-words.sql\n4\t0004-shared.sql\n');
});

test('a schema that is there is left alone', async () => {
  const before = await storeProcess.run('SELECT count() FROM logboom.migrations');
  const store = open();
  await store.ttls();
  await store.close();
  expect(await storeProcess.run('SELECT count() FROM logboom.migrations')).toBe(before);
});

test('databases with any name are kept apart', async () => {
  const name = 'a `b';
  const store = open(name);
  await store.setTtl(1, 2);
  await store.close();
  const tables = await storeProcess.run(`SELECT name FROM system.tables WHERE database = '${name}' ORDER BY name`);
  expect(tables).toBe('logs\nmigrations\nshared_leases\nshared_rows\n');
});
