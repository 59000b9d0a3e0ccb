// Goal: who asks over HTTP gets exactly the logs that match, whole or knowingly not, and costs nothing once gone.
import { once } from 'node:events';
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { type Engine, LIMITS, type Row, startEngine } from '../../test/support/query/engine.js';
import { type QueryServer, startQueryServer } from '../../test/support/query/query-server.js';
import { sendRaw } from '../../test/support/raw-http.js';
import { MemoryCatalog } from '../catalog/view.js';
import { DEFAULT_QUOTA } from '../model/write-rules.js';

const FROM_MS = 1_795_046_400_000;
const FROM = FROM_MS / 1000;

const catalog = new MemoryCatalog();
catalog.apply([
  { event: 'project', project: { name: 'shop', description: '', createdAt: 0, updatedAt: 0, quota: DEFAULT_QUOTA } },
  ...['web', 'app', 'empty', 'large', 'doomed'].map((name, i) => ({
    event: 'logstore' as const,
    logstore: newLogstore(i + 1, 'shop', name),
  })),
]);

/** Each at its second; the first two share one. */
const WEB: Row[] = [
  { logstore: 1, timeMs: FROM_MS + 1250, seq: 1, row: 1, topic: 't', source: '10.0.0.7', fields: [['path', '/a']] },
  { logstore: 1, timeMs: FROM_MS + 1250, seq: 1, row: 2, fields: [['path', '/b']] },
  {
    logstore: 1,
    timeMs: FROM_MS + 2000,
    seq: 2,
    tags: [
      ['app', 'x'],
      ['__proto__', 'y'],
    ],
    fields: [
      ['b', '1'],
      ['7', '2'],
      ['__proto__', '3'],
      ['a', 'é\u001b"\n支'],
    ],
  },
  { logstore: 1, timeMs: FROM_MS + 3999, shard: 1, seq: 1, fields: [['path', '/c']] },
  { logstore: 2, timeMs: FROM_MS + 1000, seq: 1, fields: [['path', '/other']] },
];

let engine: Engine;
let server: QueryServer;
let url: string;
/** The same store under limits that a large answer meets. */
let strict: QueryServer;

beforeAll(async () => {
  engine = await startEngine();
  await engine.insert(WEB);
  server = await startQueryServer({ ...parts(), limits: LIMITS });
  strict = await startQueryServer({ ...parts(), limits: { ...LIMITS, memoryBytesMax: 1_000_000 } });
  url = `${server.url}/shop/logstores`;
});
afterAll(async () => {
  server.close();
  strict.close();
  await engine.close();
});

const stopping = new AbortController();
const parts = () => ({ catalog, engine, stopping: stopping.signal });

const authorized = { authorization: 'Bearer key' };

function ask(logstore: string, body: unknown, at = url): Promise<Response> {
  return fetch(`${at}/${logstore}/query`, { method: 'POST', headers: authorized, body: JSON.stringify(body) });
}

/** The values of `path`, or the whole logs that have none. */
async function paths(body: object): Promise<unknown[]> {
  const response = await ask('web', { from: FROM, to: FROM + 10, ...body });
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line).path ?? line);
}

describe('a query', () => {
  test('answers with a log a line: time, topic, source, tags, fields, all of them text and in this order', async () => {
    const response = await ask('web', { from: FROM + 1, to: FROM + 3, order: 'oldestFirst' });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await response.text()).toBe(
      [
        `{"__time__":"${FROM + 1}","__topic__":"t","__source__":"10.0.0.7","path":"/a"}`,
        `{"__time__":"${FROM + 1}","__topic__":"","__source__":"","path":"/b"}`,
        `{"__time__":"${FROM + 2}","__topic__":"","__source__":"","__tag__:app":"x","__tag__:__proto__":"y","b":"1","7":"2","__proto__":"3","a":"é\\u001b\\"\\n支"}`,
        '',
      ].join('\n'),
    );
  });

  test('is newest first and takes every log of its logstore, unless told otherwise', async () => {
    const [c, tagged, b, a] = await paths({});
    expect([c, b, a]).toEqual(['/c', '/b', '/a']);
    expect(tagged).toContain('__tag__:app');
  });

  test('takes the start of its range and leaves its end, to the millisecond', async () => {
    expect(await paths({ query: 'path:*', from: FROM + 1.25, to: FROM + 3.999 })).toEqual(['/b', '/a']);
    expect(await paths({ query: 'path:*', from: FROM + 1.251, to: FROM + 4 })).toEqual(['/c']);
  });

  test('keeps the newest, or the oldest, under a limit', async () => {
    expect(await paths({ query: 'path:*', limit: 2 })).toEqual(['/c', '/b']);
    expect(await paths({ query: 'path:*', limit: 2, order: 'oldestFirst' })).toEqual(['/a', '/b']);
  });

  test('that finds nothing is answered with nothing', async () => {
    expect(await paths({ query: 'nothing' })).toEqual([]);
  });

  test('may span all the time there is', async () => {
    expect(await paths({ query: 'path:*', from: 0, to: 9_223_372_036 })).toEqual(['/c', '/b', '/a']);
  });

  test.each<[string, object, RegExp]>([
    ['a mistake in the search', { query: 'a and\n (b' }, /line 2, column 4: expected "\)"/],
    ['an empty range', { from: FROM, to: FROM }, /^Request time range is invalid\.$/],
    ['a negative time', { from: -1 }, /^from: /],
    ['a time beyond what can be stored', { to: 9_223_372_037 }, /^to: /],
    ['a time that is text', { from: String(FROM) }, /^from: /],
    ['no end', { to: undefined }, /^to: /],
    ['no limit', { limit: 0 }, /^limit: /],
    ['a limit over what may be asked', { limit: LIMITS.rowsMax + 1 }, /^limit: at most 1000000/],
    ['an order that is none', { order: 'random' }, /^order: /],
    ['a field that is not known', { reverse: true }, /reverse/],
  ])('with %s is refused with what is wrong', async (_what, body, message) => {
    const response = await ask('web', { from: FROM, to: FROM + 1, ...body });
    expect(response.status).toBe(400);
    const answer = (await response.json()) as { errorCode: string; errorMessage: string };
    expect(answer.errorCode).toBe('ParameterInvalid');
    expect(answer.errorMessage).toMatch(message);
  });

  test('is answered in its turn where many are asked at once on one connection, and nothing is warned of', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    const body = JSON.stringify({ from: FROM, to: FROM + 1000, limit: 1 });
    const head = [
      `POST ${new URL(url).pathname}/web/query HTTP/1.1`,
      'host: x',
      'accept: application/json',
      `authorization: ${authorized.authorization}`,
      `content-length: ${body.length}`,
    ];
    const answers = await sendRaw(url, `${head.join('\r\n')}\r\n\r\n${body}`.repeat(12), { answers: 12 });
    process.off('warning', onWarning);
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(warnings).toEqual([]);
  });

  test('needs a project, a logstore and a key', async () => {
    const body = { from: FROM, to: FROM + 1 };
    expect((await ask('none', body)).status).toBe(404);
    expect((await ask('web', body, url.replace('shop', 'none'))).status).toBe(404);
    expect((await fetch(`${url}/web/query`, { method: 'POST', body: JSON.stringify(body) })).status).toBe(401);
    expect((await fetch(`${url}/web/tail`)).status).toBe(401);
  });
});

describe('an answer of a hundred megabytes', () => {
  const COUNT = 200_000;
  const body = { from: FROM, to: FROM + 1000, limit: COUNT };

  beforeAll(async () => {
    await engine.run(
      `INSERT INTO logs (logstore, time, shard, seq, row, ttl, fields)
       SELECT 4, toDateTime64(${FROM}, 9, 'UTC') + number / 1000, 1, number, 1, 30, map('n', toString(number), 'pad', repeat('x', 450))
       FROM numbers(${COUNT})`,
    );
  });

  test('is written as it is found, and only as fast as it is read', { timeout: 120_000 }, async () => {
    const before = process.memoryUsage().rss;
    let lines = 0;
    let most = 0;
    const response = await ask('large', body);
    for await (const chunk of response.body ?? []) {
      for (const byte of chunk) if (byte === 10) lines += 1;
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(lines).toBe(COUNT);
    // Client and server are in this process, and so is the garbage of both.
    expect(most - before).toBeLessThan(300 * 1024 * 1024);
  });

  test('ends in the engine too when the client goes away', async () => {
    const request = http.request(`${url}/large/query`, { method: 'POST', headers: authorized });
    request.end(JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response, 'readable');
    response.pause();
    expect(await running()).toBe(1);
    response.destroy();
    await until(async () => (await running()) === 0);
  });

  test('ends in the engine too when the client goes away before there is anything to answer', async () => {
    const endless = {
      ...body,
      query: '* | SELECT sum(length(a.x || b.x)) FROM (SELECT x FROM log) a, (SELECT x FROM log) b',
    };
    const headers = { ...authorized, accept: 'application/json' };
    const request = http.request(`${url}/large/query`, { method: 'POST', headers }).on('error', () => {});
    request.end(JSON.stringify(endless));
    await until(async () => (await running()) === 1);
    request.destroy();
    await until(async () => (await running()) === 0);
  });

  test('is cut, behind a line that says why, when the store dies in the middle of it', async () => {
    const request = http.request(`${url}/large/query`, { method: 'POST', headers: authorized });
    request.end(JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response, 'readable');
    await engine.process.end('SIGKILL');
    const text: Buffer[] = [];
    const failed = once(response, 'error');
    response.on('data', (chunk: Buffer) => text.push(chunk));
    const [error] = (await failed) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(response.complete).toBe(false);
    const lines = Buffer.concat(text).toString().split('\n');
    expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ errorCode: 'ServerBusy' });

    const refused = await ask('large', body);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ errorCode: 'ServerBusy' });
    await engine.process.start();
  });

  test('is refused where it would take more than it may', async () => {
    const response = await ask('large', body, `${strict.url}/shop/logstores`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errorCode: 'ParameterInvalid',
      errorMessage: expect.stringMatching(/too much memory/),
    });
  });

  const running = () =>
    engine.count(
      "SELECT count() AS count FROM system.processes WHERE query LIKE '%FROM logs%' AND query NOT LIKE '%system.processes%'",
    );
});

describe('a tail', () => {
  test('sends logs as events as they are stored, and goes on from the last id', async () => {
    const now = Date.now();
    const log = (seq: number, text: string): Row => ({ logstore: 3, timeMs: now + seq, seq, fields: [['text', text]] });
    await engine.insert([log(1, 'before')]);

    const first = await openTail('empty', 'text:*');
    await first.next('');
    await engine.insert([log(2, 'one'), log(3, 'two')]);
    const one = await first.next('log');
    expect(one.data).toBe(`{"__time__":"${Math.floor((now + 2) / 1000)}","__topic__":"","__source__":"","text":"one"}`);
    first.close();
    await engine.insert([log(4, 'three')]);

    const second = await openTail('empty', 'text:*', one.id);
    expect((await second.next('log')).data).toContain('"two"');
    expect((await second.next('log')).data).toContain('"three"');
    second.close();
  });

  test('is told when its logstore is gone', async () => {
    const tail = await openTail('doomed', '*');
    await tail.next('');
    catalog.apply([{ event: 'logstoreDeleted', id: 5 }]);
    const error = await tail.next('error');
    expect(JSON.parse(error.data)).toMatchObject({ errorCode: 'LogStoreNotExist' });
    expect(await tail.ended()).toBe(true);
  });

  test('with a mistake in its search, or an id that is none, is refused', async () => {
    const bad = await fetch(`${url}/web/tail?query=${encodeURIComponent('a or')}`, { headers: authorized });
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ errorMessage: expect.stringMatching(/line 1, column 5/) });
    for (const id of ['x', 't;99999:1:1']) {
      const response = await fetch(`${url}/web/tail`, { headers: { ...authorized, 'last-event-id': id } });
      expect(response.status).toBe(400);
    }
  });

  test('asked for its headers alone is over at once', async () => {
    const response = await fetch(`${url}/web/tail`, { method: 'HEAD', headers: authorized });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
  });

  test('ends, and can be continued, when the process is about to end', async () => {
    const tail = await openTail('web', '*');
    stopping.abort();
    const error = await tail.next('error');
    expect(JSON.parse(error.data)).toMatchObject({ errorCode: 'ServerBusy' });
    expect(await tail.ended()).toBe(true);
  });

  interface Event {
    readonly event: string;
    readonly id: string;
    readonly data: string;
  }

  async function openTail(logstore: string, query: string, lastId?: string) {
    const leave = new AbortController();
    const response = await fetch(`${url}/${logstore}/tail?query=${encodeURIComponent(query)}`, {
      headers: { ...authorized, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
      signal: leave.signal,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let text = '';
    return {
      /** The next event of this name; empty for one that brings an id alone. */
      async next(name: string): Promise<Event> {
        for (;;) {
          const end = text.indexOf('\n\n');
          if (end >= 0) {
            const lines = text.slice(0, end).split('\n');
            text = text.slice(end + 2);
            const field = (key: string) =>
              lines.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2) ?? '';
            if (field('event') === name && !lines.some((line) => line.startsWith('retry')))
              return { event: name, id: field('id'), data: field('data') };
            continue;
          }
          const { done, value } = await reader.read();
          if (done) throw new Error(`the tail ended without ${name}`);
          text += decoder.decode(value, { stream: true });
        }
      },
      ended: async () => (await reader.read()).done,
      close: () => leave.abort(),
    };
  }
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('not in 10 s');
    await sleep(20);
  }
}
