// Goal: an unmodified ClickHouse client cannot tell the embedded engine from a server, and nothing it sets or leaves behind
// reaches the next request.
import * as fs from 'node:fs';
import * as http from 'node:http';
import { gzipSync } from 'node:zlib';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreProcess } from '../../../test/support/store-process.js';

/** Others use the machine as well; what should come may take its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

const store = new StoreProcess();
let client: ClickHouseClient;

beforeAll(async () => {
  await store.start({ sessions: 3 });
  const http_agent = new http.Agent({ keepAlive: true, socketPath: store.socket } as http.AgentOptions);
  client = createClient({ url: 'http://embedded', http_agent, log: { level: ClickHouseLogLevel.OFF } });
});

afterAll(async () => {
  await client.close();
  await store.remove();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

function ask(path: string, body: string | Buffer = '', headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: store.socket, path, headers, method: body.length > 0 ? 'POST' : 'GET' };
    const request = http.request(options, async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    request.on('error', reject).end(body);
  });
}

async function json<Row>(query: string, more: object = {}): Promise<Row[]> {
  return (await client.query({ query, format: 'JSONEachRow', ...more })).json<Row>();
}

function select(sql: string, search = ''): string {
  return `/?query=${encodeURIComponent(sql)}${search}`;
}

describe('a statement', () => {
  test('comes in the URL, in the body or half and half', async () => {
    expect((await ask(select('SELECT 1 + 1'))).text).toBe('2\n');
    expect((await ask('/', 'SELECT 1 + 2')).text).toBe('3\n');
    expect((await ask(select('SELECT 1 +'), '3')).text).toBe('4\n');
    const gzip = { 'Content-Encoding': 'gzip' };
    expect((await ask('/', gzipSync('SELECT 1 + 4'), gzip)).text).toBe('5\n');
  });

  test('answers in the format it names, or else in the one the request does', async () => {
    expect((await ask(select('SELECT 1 AS a', '&default_format=JSONEachRow'))).text).toBe('{"a":1}\n');
    expect((await ask(select('SELECT 1 AS a FORMAT CSV', '&default_format=JSONEachRow'))).text).toBe('1\n');
    expect((await ask(select('SELECT 1 AS a'), '', { 'X-ClickHouse-Format': 'CSVWithNames' })).text).toBe('"a"\n1\n');
  });

  test('that gives a document gives one, however long', async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'JSON' });
    const { rows, data } = await result.json();
    expect([rows, data.length]).toEqual([200_000, 200_000]);
    const csv = await client.query({ query: 'SELECT number AS n FROM numbers(200000)', format: 'CSVWithNames' });
    expect((await csv.text()).match(/n/g)).toHaveLength(1);
  });

  test('may insert what follows it', async () => {
    await client.command({ query: 'CREATE TABLE inserted (a UInt64, b String) ENGINE = MergeTree ORDER BY a' });
    await client.insert({ table: 'inserted', values: [{ a: 1, b: `it's; "\\\n` }], format: 'JSONEachRow' });
    await ask(select('INSERT INTO inserted FORMAT TabSeparated'), '2\ttwo\n3\tthree\n');
    expect(await json('SELECT * FROM inserted ORDER BY a')).toEqual([
      { a: 1, b: `it's; "\\\n` },
      { a: 2, b: 'two' },
      { a: 3, b: 'three' },
    ]);
  });

  test('runs in the database the request names', async () => {
    await client.command({ query: 'CREATE DATABASE `a ``b` ENGINE = Atomic' });
    await ask('/?database=a%20%60b', 'CREATE TABLE here (a UInt8) ENGINE = Memory');
    expect((await ask(select('EXISTS here', '&database=a%20%60b'))).text).toBe('1\n');
    expect((await ask(select('EXISTS here'))).text).toBe('0\n');
  });
});

describe('nothing leaks from one request to the next:', () => {
  test('settings', async () => {
    const sql = `SELECT getSetting('max_result_rows') AS limit, getSetting('readonly') AS readonly`;
    const clickhouse_settings = { max_result_rows: '77', readonly: '1' };
    expect(await json(sql, { clickhouse_settings })).toEqual([{ limit: 77, readonly: 1 }]);
    for (let i = 0; i < 5; i++) expect(await json(sql)).toEqual([{ limit: 0, readonly: 0 }]);
  });

  test('parameters', async () => {
    expect(await json('SELECT {x:String} AS x', { query_params: { x: 'mine' } })).toEqual([{ x: 'mine' }]);
    await expect(json('SELECT {x:String} AS x')).rejects.toMatchObject({ code: '456' });
  });

  test('temporary tables and a database', async () => {
    await ask('/', 'CREATE TEMPORARY TABLE mine (a UInt8)');
    await expect(json('SELECT * FROM mine')).rejects.toMatchObject({ code: '60' });
    await ask('/', 'USE system');
    expect(await json('SELECT currentDatabase() AS name')).toEqual([{ name: 'default' }]);
  });
});

describe('an error', () => {
  test.each([
    ['SELEC 1', '62'],
    ['SELECT nope', '47'],
    ['SELECT * FROM nowhere', '60'],
    ['SELECT throwIf(1)', '395'],
    ['DROP TABLE nowhere', '60'],
  ])('of %s has ClickHouse’s number', async (query, code) => {
    await expect(json(query)).rejects.toMatchObject({ name: 'Error', code });
    expect((await ask('/', query)).headers['x-clickhouse-exception-code']).toBe(code);
  });

  test('half way is told behind the rows', async () => {
    const { status, headers, text } = await ask(select('SELECT throwIf(number = 3000000) FROM numbers(4000000)'));
    const tag = headers['x-clickhouse-exception-tag'];
    expect(status).toBe(200);
    expect(text).toMatch(
      new RegExp(`^(0\n)+\r\n__exception__\r\n${tag}\r\nCode: 395.*\n\\d+ ${tag}\r\n__exception__\r\n$`, 's'),
    );
  });

  test.each([
    ['an unknown setting', select('SELECT 1', '&nope=1'), '115'],
    ['a setting that is no name', select('SELECT 1', '&max_threads%20%3D%201%2C%20x=1'), '115'],
    ['no statement', '/?query=', '62'],
    [
      'a statement that would insert nothing and say success',
      select("INSERT INTO t SELECT * FROM input('a UInt8')"),
      '48',
    ],
    ['a statement that would never return', select("KILL QUERY WHERE query_id = '' SYNC"), '48'],
  ])('answers %s', async (_what, path, code) => {
    expect((await ask(path)).headers['x-clickhouse-exception-code']).toBe(code);
  });
});

describe('a client that goes away', () => {
  const running = async () =>
    Number((await json<{ n: string }>(`SELECT toString(count()) AS n FROM system.processes`))[0]?.n) - 1;

  test.each([
    ['aggregation', 'SELECT sum(cityHash64(number)) FROM numbers(10000000000000)'],
    ['stream of rows', 'SELECT number FROM numbers(10000000000000)'],
    ['insert', "INSERT INTO FUNCTION null('a UInt64') SELECT cityHash64(number) FROM numbers(10000000000000)"],
  ])('ends its %s in the engine', async (_what, sql) => {
    const request = http.request({ socketPath: store.socket, path: '/', method: 'POST' });
    request.on('error', () => undefined).end(sql);
    await eventually(running).toBe(1);
    request.destroy();
    await eventually(running).toBe(0);
  });

  test('leaves the queue as well', async () => {
    const sql = 'SELECT sum(cityHash64(number)) FROM numbers(10000000000000)';
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const answers = controllers.map((controller) => client.query({ query: sql, abort_signal: controller.signal }));
    for (const answer of answers) answer.catch(() => undefined);
    // Two are in the engine, four wait; whoever asks for processes waits too. A ping and an order to kill do not.
    expect((await ask('/ping')).text).toBe('Ok.\n');
    await ask('/', `KILL QUERY WHERE query_id = 'none' ASYNC`);
    for (const controller of controllers) controller.abort();
    await eventually(running).toBe(0);
  });
});

test('a slow reader slows the engine down, and gets everything', async () => {
  const result = await client.query({
    query: "SELECT number, repeat('x', 1000) FROM numbers(100000)",
    format: 'JSONEachRow',
  });
  let count = 0;
  for await (const rows of result.stream()) {
    count += rows.length;
    if (count % 10 === 0) await new Promise(setImmediate);
  }
  expect(count).toBe(100_000);
});

test('statements that end beside a long one leave nothing behind', async () => {
  const sql = `SELECT value FROM system.metrics WHERE metric = 'MemoryTracking'`;
  const memory = async () => Number((await ask(select(sql))).text);
  const controller = new AbortController();
  const query = 'SELECT sum(cityHash64(number)) FROM numbers(10000000000000)';
  const long = client.query({ query, abort_signal: controller.signal }).catch(() => undefined);
  const before = await memory();
  for (let i = 0; i < 300; i++) await ask(select('SELECT 1', '&max_threads=1'));
  expect((await memory()) - before).toBeLessThan(30_000_000);
  controller.abort();
  await long;
});

describe('the process', () => {
  test('listens on a socket for its owner alone', () => {
    expect(fs.statSync(store.socket).mode & 0o777).toBe(0o700);
    expect(fs.statSync(store.directory).mode & 0o777).toBe(0o700);
  });

  test('lets no second one into its directory', async () => {
    await expect(store.start()).rejects.toThrow('ended with 1');
    expect((await ask('/ping')).text).toBe('Ok.\n');
  });

  test('refuses a path that no socket can have', async () => {
    const other = new StoreProcess({ socketName: 'x'.repeat(100) });
    await expect(other.start()).rejects.toThrow('ended with 1');
    await other.remove();
  });

  test('is another one to its clients after a restart', async () => {
    const name = async () => (await ask('/ping')).headers['x-clickhouse-server-display-name'];
    const before = await name();
    expect(await name()).toBe(before);
    expect(await store.end('SIGTERM')).toBe(0);
    await store.start({ sessions: 3 });
    expect(await name()).not.toBe(before);
  });

  test('ends in order while it is busy', async () => {
    const busy = [1, 2].map(() => json('SELECT sum(cityHash64(number)) FROM numbers(10000000000000)'));
    const ended = Promise.all(busy.map((answer) => expect(answer).rejects.toThrow()));
    await eventually(() => ask('/ping').then(({ text }) => text)).toBe('Ok.\n');
    expect(await store.end('SIGTERM')).toBe(0);
    await ended;
  });
});
