// Goal: a file has every log that matches, once and in order, however often it is broken off, and its maker can prove it.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newLogstore } from '../../../test/support/catalog.js';
import { type Engine, LIMITS, type Row, startEngine } from '../../../test/support/query/engine.js';
import { testListener } from '../../../test/support/test-listener.js';
import type { ExportRequest, ExportSummary } from '../../api/export.js';
import { MemoryCatalog } from '../../catalog/view.js';
import { ApiError } from '../../errors.js';
import { DEFAULT_QUOTA } from '../../model/write-rules.js';
import { systemClock } from '../../platform/clock.js';
import { exportRoutes } from './routes.js';

const FROM_MS = 1_795_046_400_000;
const FROM = FROM_MS / 1000;

const catalog = new MemoryCatalog();
catalog.apply([
  { event: 'project', project: { name: 'shop', description: '', createdAt: 0, updatedAt: 0, quota: DEFAULT_QUOTA } },
  ...['web', 'large', 'empty', 'wide'].map((name, i) => ({
    event: 'logstore' as const,
    logstore: newLogstore(i + 1, 'shop', name),
  })),
]);

/** The first two share a time. */
const WEB: Row[] = [
  { logstore: 1, timeMs: FROM_MS + 1250, seq: 1, row: 1, topic: 't', source: '10.0.0.7', fields: [['path', '/a']] },
  {
    logstore: 1,
    timeMs: FROM_MS + 1250,
    seq: 1,
    row: 2,
    fields: [
      ['path', '=1+1'],
      ['7', '"x", y'],
    ],
  },
  {
    logstore: 1,
    timeMs: FROM_MS + 2000,
    seq: 2,
    tags: [['app', '支']],
    fields: [
      ['@b', '-5'],
      ['path', 'a\r\nb'],
    ],
  },
  { logstore: 9, timeMs: FROM_MS + 1000, seq: 1, fields: [['path', '/other']] },
];
const NDJSON = [
  `{"__time__":"${FROM + 1}","__topic__":"t","__source__":"10.0.0.7","path":"/a"}\n`,
  `{"__time__":"${FROM + 1}","__topic__":"","__source__":"","path":"=1+1","7":"\\"x\\", y"}\n`,
  `{"__time__":"${FROM + 2}","__topic__":"","__source__":"","__tag__:app":"支","@b":"-5","path":"a\\r\\nb"}\n`,
];

const LARGE_COUNT = 15_000;
const directory = mkdtempSync(path.join(tmpdir(), 'logboom-exports-'));
let engine: Engine;
let server: http.Server;
let url: string;

beforeAll(async () => {
  engine = await startEngine();
  await engine.insert(WEB);
  // Several shards that nobody writes any more, ten logs of the same time each, in an order that is not that of arrival.
  await engine.run(
    `INSERT INTO logs (logstore, time, shard, seq, row, ttl, fields)
     SELECT 2, toDateTime64(${FROM}, 9, 'UTC') + intDiv(${LARGE_COUNT} - number, 10), 11 + number % 3, number, 1, 30,
       map('n', toString(number), 'pad', randomPrintableASCII(800))
     FROM numbers(${LARGE_COUNT})`,
  );
  await engine.insert([
    { logstore: 4, timeMs: FROM_MS, seq: 1, fields: Array.from({ length: 1000 }, (_, i) => [`f${i}`, 'x'] as const) },
  ]);
  server = testListener({
    routes: exportRoutes({
      view: catalog,
      store: engine.store,
      shards: engine.shards,
      position: engine.position,
      clock: systemClock,
      limits: LIMITS,
      directory,
      stopping: new AbortController().signal,
      log: pino({ level: 'silent' }),
      authorize: ({ request }) => {
        if (request.headers.authorization !== 'Bearer key') throw new ApiError('MissingAccessKey');
      },
    }),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/projects/shop/logstores`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await engine.close();
  rmSync(directory, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly body: Buffer;
  readonly isWhole: boolean;
}

/** `fetch` does not show trailers. Hangs up behind `bytesMax`. */
async function send(
  method: string,
  target: string,
  body?: object,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  const request = http.request(`${url}/${target}`, { method, headers: { authorization: 'Bearer key' } });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, bytesMax - bytes));
      bytes += chunk.length;
      if (bytes >= bytesMax) break;
    }
  } catch {
    // The server hung up: told by `isWhole`.
  }
  const { statusCode: status = 0, headers, trailers, complete: isWhole } = response;
  return { status, headers, trailers, body: Buffer.concat(chunks), isWhole };
}

function take(logstore: string, request: Partial<ExportRequest>, bytesMax?: number): Promise<Answer> {
  return send('POST', `${logstore}/export`, { from: FROM, to: FROM + 10_000, ...request }, bytesMax);
}

async function summary(logstore: string, { headers }: Answer, bytes?: number): Promise<ExportSummary> {
  const query = bytes === undefined ? '' : `?bytes=${bytes}`;
  const { status, body } = await send('GET', `${logstore}/exports/${headers['x-logboom-export']}${query}`);
  expect(status).toBe(200);
  return JSON.parse(body.toString()) as ExportSummary;
}

/** What the engine finds in a file that it has not made. */
async function readParquet(file: Buffer, ask: 'SELECT *' | 'DESCRIBE' = 'SELECT *'): Promise<unknown[][]> {
  const name = path.join(directory, 'read.parquet');
  writeFileSync(name, file);
  const from = ask === 'DESCRIBE' ? 'DESCRIBE' : 'SELECT * FROM';
  const text = await engine.process.run(`${from} file('${name}', Parquet) FORMAT JSONCompactEachRow`);
  rmSync(name);
  const rows = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown[]);
  return ask === 'DESCRIBE' ? rows.map((row) => row.slice(0, 2)) : rows;
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a file', () => {
  test('in NDJSON has a log a line, as a query answers it, and says how many and which bytes', async () => {
    const answer = await take('web', {});
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="shop-web.ndjson"',
    });
    expect(answer.body.toString()).toBe(NDJSON.join(''));
    const proof = { logs: 3, bytes: answer.body.length, sha256: digest(answer.body) };
    expect(answer.trailers).toEqual({
      'x-logboom-logs': '3',
      'x-logboom-bytes': String(proof.bytes),
      'x-logboom-sha256': proof.sha256,
    });
    expect(await summary('web', answer)).toEqual({
      id: answer.headers['x-logboom-export'],
      format: 'ndjson',
      compression: 'none',
      isComplete: true,
      sha256From: 0,
      ...proof,
    });
  });

  test('has the logs that match, in the order that is asked for', async () => {
    expect((await take('web', { query: 'path:*', order: 'newestFirst' })).body.toString()).toBe(
      NDJSON.toReversed().join(''),
    );
    expect((await take('web', { query: 'app:* or __tag__:app:*' })).body.toString()).toBe(NDJSON[2]);
  });

  test('has the columns that are named, in their order, and times in the zone that is named', async () => {
    const answer = await take('web', { columns: ['path', '__time__', 'none', '__tag__:app'], zone: 'Asia/Shanghai' });
    expect(answer.body.toString()).toBe(
      [
        '{"path":"/a","__time__":"2026-11-19T08:00:01.250000+08:00"}\n',
        '{"path":"=1+1","__time__":"2026-11-19T08:00:01.250000+08:00"}\n',
        '{"path":"a\\r\\nb","__time__":"2026-11-19T08:00:02.000000+08:00","__tag__:app":"支"}\n',
      ].join(''),
    );
  });

  test('in CSV has a column for every name, and nothing that a spreadsheet would run', async () => {
    const answer = await take('web', { format: 'csv' });
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.body.toString()).toBe(
      [
        `__time__,__topic__,__source__,__tag__:app,7,'@b,path\r\n`,
        `${FROM + 1},t,10.0.0.7,,,,/a\r\n`,
        `${FROM + 1},,,,"""x"", y",,'=1+1\r\n`,
        `${FROM + 2},,,支,,'-5,"a\r\nb"\r\n`,
      ].join(''),
    );
    const raw = await take('web', { format: 'csv', csvFormulaSafe: false, columns: ['@b', 'path'] });
    expect(raw.body.toString()).toBe('@b,path\r\n,/a\r\n,=1+1\r\n-5,"a\r\nb"\r\n');
  });

  test.each(['none', 'gzip', 'zstd'] as const)(
    'in Parquet has times, texts and maps of their own types (%s)',
    async (compression) => {
      const answer = await take('web', { format: 'parquet', compression });
      expect(answer.headers).toMatchObject({
        'content-type': 'application/vnd.apache.parquet',
        'content-disposition': 'attachment; filename="shop-web.parquet"',
      });
      expect(answer.trailers).toMatchObject({ 'x-logboom-logs': '3', 'x-logboom-sha256': digest(answer.body) });
      expect(await readParquet(answer.body, 'DESCRIBE')).toEqual([
        ['__time__', "DateTime64(9, 'UTC')"],
        ['__topic__', 'String'],
        ['__source__', 'String'],
        ['tags', 'Map(String, String)'],
        ['fields', 'Map(String, String)'],
      ]);
      expect(await readParquet(answer.body)).toEqual([
        ['2026-11-19 00:00:01.250000000', 't', '10.0.0.7', {}, { path: '/a' }],
        ['2026-11-19 00:00:01.250000000', '', '', {}, { path: '=1+1', 7: '"x", y' }],
        ['2026-11-19 00:00:02.000000000', '', '', { app: '支' }, { '@b': '-5', path: 'a\r\nb' }],
      ]);
    },
  );

  test('in Parquet has the columns that are named, empty where a log has none, whatever their names', async () => {
    const columns = ['path', '@b', '__tag__:app', 'a "`\'; \\', '__time__', 'fields', 'c0'];
    const { body } = await take('web', { format: 'parquet', columns, order: 'newestFirst' });
    expect((await readParquet(body, 'DESCRIBE')).map(([name]) => name)).toEqual(columns);
    expect(await readParquet(body)).toEqual([
      ['a\r\nb', '-5', '支', null, '2026-11-19 00:00:02.000000000', null, null],
      ['=1+1', null, null, null, '2026-11-19 00:00:01.250000000', null, null],
      ['/a', null, null, null, '2026-11-19 00:00:01.250000000', null, null],
    ]);
  });

  test('in Parquet may be empty', async () => {
    const { body } = await take('empty', { format: 'parquet' });
    expect(await readParquet(body)).toEqual([]);
    expect((await readParquet(body, 'DESCRIBE')).map(([name]) => name)).toHaveLength(5);
  });

  test('may be compressed', async () => {
    const answer = await take('web', { compression: 'gzip' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/gzip',
      'content-disposition': 'attachment; filename="shop-web.ndjson.gz"',
    });
    expect(gunzipSync(answer.body).toString()).toBe(NDJSON.join(''));
    expect(answer.trailers['x-logboom-sha256']).toBe(digest(answer.body));
  });

  test('of nothing is empty, in CSV but for its head', async () => {
    const answer = await take('empty', {});
    expect([answer.status, answer.body.length, answer.trailers['x-logboom-logs']]).toEqual([200, 0, '0']);
    expect((await take('empty', { format: 'csv' })).body.toString()).toBe('__time__,__topic__,__source__\r\n');
  });

  test('can be measured before it is made', async () => {
    const { length } = (await take('large', {})).body;
    const { status, body } = await take('large', { dryRun: true });
    const estimate = JSON.parse(body.toString()) as { logs: number; bytes: number };
    expect([status, estimate.logs]).toEqual([200, LARGE_COUNT]);
    expect(estimate.bytes / length).toBeGreaterThan(0.9);
    expect(estimate.bytes / length).toBeLessThan(1.1);
  });
});

describe('a file that is broken off', () => {
  /** Takes it in parts that break off behind so many bytes each, as a client does that keeps what it got. */
  async function takeInParts(request: Partial<ExportRequest>, partBytes: number, between: () => Promise<void>) {
    const first = await take('large', request, partBytes);
    let file = first.body;
    let parts = 1;
    for (;;) {
      await between();
      const checkpoint = await summary('large', first, file.length);
      file = file.subarray(0, checkpoint.bytes);
      expect(checkpoint.sha256).toBe(digest(file.subarray(checkpoint.sha256From)));
      if (checkpoint.isComplete) return { file, parts, checkpoint };
      const target = `large/exports/${checkpoint.id}/data?offset=${checkpoint.bytes}`;
      const part = await send('GET', target, undefined, partBytes);
      expect(part.status).toBe(200);
      file = Buffer.concat([file, part.body]);
      parts += 1;
    }
  }

  test.each(['none', 'gzip'] as const)('is continued without a gap or a repeat (%s)', async (compression) => {
    const order = compression === 'none' ? 'oldestFirst' : 'newestFirst';
    const whole = (await take('large', { order })).body.toString();
    let late = 0;
    const { file, parts, checkpoint } = await takeInParts({ compression, order }, 5_000_000, async () => {
      // What is stored while it is made is not in it, wherever its time would put it.
      late += 1;
      await engine.insert([
        { logstore: 2, timeMs: FROM_MS + late * 100_000, seq: 1_000_000 + late, fields: [['late', '']] },
      ]);
    });
    expect(parts).toBeGreaterThan(1);
    const text = (compression === 'gzip' ? gunzipSync(file) : file).toString();
    expect(text === whole).toBe(true);
    expect(checkpoint.logs).toBe(LARGE_COUNT);
    await engine.run('DELETE FROM logs WHERE logstore = 2 AND seq >= 1000000');
  });

  test('is continued in Parquet too', async () => {
    const { file, parts } = await takeInParts({ format: 'parquet' }, 10_000_000, async () => undefined);
    expect(parts).toBeGreaterThan(1);
    const rows = await readParquet(file);
    const values = rows.map(([time, , , , fields]) => [time, (fields as { n: string }).n]);
    const text = (await take('large', { columns: ['n'] })).body.toString();
    expect(values.map(([, n]) => `{"n":"${n}"}\n`).join('') === text).toBe(true);
    expect(values.map(([time]) => time).toSorted()).toEqual(values.map(([time]) => time));
  });

  test('is not continued from where no piece ends', async () => {
    const first = await take('large', {}, 100_000);
    const { status } = await send('GET', `large/exports/${first.headers['x-logboom-export']}/data?offset=99`);
    expect(status).toBe(400);
  });

  test('is continued when it is complete with nothing, and nobody but its logstore knows it', async () => {
    const whole = await take('web', {});
    const id = whole.headers['x-logboom-export'];
    const rest = await send('GET', `web/exports/${id}/data?offset=${whole.body.length}`);
    expect([rest.status, rest.body.length, rest.isWhole]).toEqual([200, 0, true]);
    expect((await summary('web', whole)).sha256).toBe(digest(whole.body));
    expect((await send('GET', `large/exports/${id}`)).status).toBe(404);
    expect((await send('GET', `web/exports/..%2f${id}`)).status).toBe(404);
  });
});

test('one that nobody reads leaves nothing running', async () => {
  const gone = await take('large', {}, 1);
  expect(gone.isWhole).toBe(false);
  await expect.poll(() => engine.count('SELECT count() AS count FROM system.processes'), { timeout: 10_000 }).toBe(1);
});

test('a store that is away for a moment ends no export', async () => {
  const whole = (await take('large', {})).body;
  const request = http.request(`${url}/large/export`, { method: 'POST', headers: { authorization: 'Bearer key' } });
  request.end(JSON.stringify({ from: FROM, to: FROM + 10_000 }));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  // The first piece has come; the second fills the connection, the rest waits for its reader.
  await engine.process.end('SIGKILL');
  const started = engine.process.start();
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  await started;
  expect(Buffer.concat(chunks).equals(whole)).toBe(true);
});

test('more than two at a time are refused, not queued', async () => {
  const requests = [1, 2].map(() => {
    const request = http.request(`${url}/large/export`, { method: 'POST', headers: { authorization: 'Bearer key' } });
    return request.end(JSON.stringify({ from: FROM, to: FROM + 10_000 }));
  });
  const responses = await Promise.all(requests.map(async (request) => (await once(request, 'response'))[0]));
  expect((await take('large', {})).status).toBe(503);
  for (const response of responses as http.IncomingMessage[]) response.destroy();
  await expect.poll(async () => (await take('web', {})).status, { timeout: 10_000 }).toBe(200);
});

test.each<[string, object, RegExp]>([
  ['a mistake in the search', { query: 'a and' }, /column 6/],
  ['a format that is none', { format: 'xml' }, /^format: /],
  ['a column twice', { columns: ['a', 'a'] }, /^columns: one is named twice$/],
  ['no columns', { columns: [] }, /^columns: /],
  ['too many columns for CSV', { format: 'csv', to: FROM + 1 }, /^columns: the logs have more than 1000 fields/],
  ['a zone for Parquet', { format: 'parquet', zone: 'UTC' }, /^zone: /],
  ['a zone that is none', { zone: 'Mars/Olympus' }, /^zone: no such time zone$/],
  ['a field that is not known', { limit: 5 }, /limit/],
])('%s is refused with what is wrong', async (_what, body, message) => {
  const before = readdirSync(directory).length;
  const answer = await take('wide', body);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ errorCode: 'ParameterInvalid' });
  expect(JSON.parse(answer.body.toString()).errorMessage).toMatch(message);
  expect(readdirSync(directory)).toHaveLength(before);
});

test('nobody gets logs without a key', async () => {
  for (const [method, target] of [
    ['POST', 'web/export'],
    ['GET', 'web/exports/x'],
    ['GET', 'web/exports/x/data'],
  ]) {
    expect((await fetch(`${url}/${target}`, { method: method as string })).status).toBe(401);
  }
});
