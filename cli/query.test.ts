// Goal: what the store has is what the terminal shows, a log a line; what is missing, and why, is said beside it.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthorizer } from '../src/admin/authorize.js';
import { MemoryCatalog } from '../src/catalog/view.js';
import { DEFAULT_QUOTA } from '../src/model/write-rules.js';
import { systemClock } from '../src/platform/clock.js';
import { queryRoutes } from '../src/query/routes.js';
import { newLogstore } from '../test/support/catalog.js';
import { runCommand } from '../test/support/command-line.js';
import { type Engine, LIMITS, type Row, startEngine } from '../test/support/query/engine.js';
import { testListener } from '../test/support/test-listener.js';

const catalog = new MemoryCatalog();
catalog.apply([
  { event: 'project', project: { name: 'default', description: '', createdAt: 0, updatedAt: 0, quota: DEFAULT_QUOTA } },
  {
    event: 'accessKey',
    key: { id: 'LBtest', secret: 'a-secret', roles: ['manage'], projects: null, isEnabled: true, createdAt: 0 },
  },
  ...['web', 'live', 'doomed'].map((name, i) => ({
    event: 'logstore' as const,
    logstore: newLogstore(i + 1, 'default', name),
  })),
]);

let engine: Engine;
let server: Server;
/** Answers with a broken log after a whole one, as a server does that dies. */
let dying: Server;

const LOG = '{"__time__":"1795046385","__topic__":"","__source__":"","a":"1"}';

beforeAll(async () => {
  engine = await startEngine();
  const minuteAgo = Date.now() - 60_000;
  await engine.insert([
    {
      logstore: 1,
      timeMs: minuteAgo,
      seq: 1,
      tags: [['app', 'shop']],
      fields: [
        ['path', '/a'],
        ['note', 'red \u001b[31m \u009b31m \u202etxt'],
      ],
    },
    { logstore: 1, timeMs: minuteAgo + 1000, seq: 2, fields: [['path', '/b']] },
    { logstore: 1, timeMs: minuteAgo - 3_600_000, seq: 3, fields: [['path', '/old']] },
  ]);
  server = testListener({
    routes: queryRoutes({
      view: catalog,
      store: engine.store,
      shards: engine.shards,
      position: engine.position,
      storedPosition: engine.position,
      clock: systemClock,
      limits: LIMITS,
      timeZone: 'UTC',
      stopping: new AbortController().signal,
      authorize: (exchange) => createAuthorizer(catalog, systemClock)(exchange, 'read'),
    }),
  });
  dying = createServer((request, response) => {
    response.write(`${LOG}\n`);
    const error = request.url?.includes('told')
      ? '{"errorCode":"ServerBusy","errorMessage":"busy \\u001b"}\n'
      : LOG.slice(0, 9);
    response.write(error, () => request.socket.destroy());
  });
  for (const each of [server, dying]) {
    each.listen(0, '127.0.0.1');
    await once(each, 'listening');
  }
});

afterAll(async () => {
  for (const each of [server, dying]) {
    each.closeAllConnections();
    each.close();
  }
  await engine.close();
});

const urlOf = (each: Server) => `http://127.0.0.1:${(each.address() as AddressInfo).port}`;

const logboom = (args: readonly string[], at = server) => runCommand(args, urlOf(at));

const pathsOf = (out: string) =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).path);

describe('logboom query', () => {
  test('prints the logs of the last 15 minutes as JSON, newest first, without what a terminal acts on', async () => {
    const { exitCode, out, err } = await logboom(['query']).ended;
    expect([exitCode, err]).toEqual([0, '']);
    expect(pathsOf(out)).toEqual(['/b', '/a']);
    const [, a = ''] = out.split('\n');
    expect(a).toMatch(/^\{"__time__":"\d{10}","__topic__":"","__source__":"","__tag__:app":"shop","path":"\/a",/);
    expect(a).toContain('"red \\u001b[31m \\u009b31m \\u202etxt"');
    expect(JSON.parse(a).note).toBe('red \u001b[31m \u009b31m \u202etxt');
  });

  test('takes a search, a range, an order and a limit, and says when it stopped at that', async () => {
    expect(pathsOf((await logboom(['query', 'path:b']).ended).out)).toEqual(['/b']);
    expect(pathsOf((await logboom(['query', '*', '--from', '2h', '--to', 'now-30m']).ended).out)).toEqual(['/old']);
    const limited = await logboom(['query', '*', '--from=2h', '--oldest-first', '--limit=2']).ended;
    expect(pathsOf(limited.out)).toEqual(['/old', '/a']);
    expect(limited).toMatchObject({ exitCode: 0, err: expect.stringMatching(/stopped at 2 logs.*--limit/) });
  });

  test.each<[string, string[], number, RegExp]>([
    ['a mistake in the search', ['a and'], 1, /ParameterInvalid: Query, line 1, column 6: expected/],
    ['a logstore that is not there', ['*', '--logstore', 'none'], 1, /LogStoreNotExist/],
    ['an empty range', ['*', '--from', 'now'], 1, /time range is invalid/],
    ['a time that is none', ['*', '--from', 'then'], 2, /--from "then" is no time/],
    ['a limit that is none', ['*', '--limit', '-1'], 2, /limit/],
    ['too many words', ['a', 'b'], 2, /it takes \[QUERY\], and was given "a" "b"/],
  ])('refuses %s', async (_what, args, exitCode, message) => {
    const result = await logboom(['query', ...args]).ended;
    expect(result).toMatchObject({ exitCode, out: '', err: expect.stringMatching(message) });
  });

  test('says that an answer is incomplete, and fails', async () => {
    expect(await logboom(['query'], dying).ended).toEqual({
      exitCode: 1,
      out: `${LOG}\n`,
      err: 'logboom: the answer is incomplete, it broke off after 1 logs: the connection was lost\n',
    });
    expect(await logboom(['query', '--logstore', 'told'], dying).ended).toEqual({
      exitCode: 1,
      out: `${LOG}\n`,
      err: 'logboom: the answer is incomplete, it broke off after 1 logs: ServerBusy: busy \\u001b\n',
    });
  });
});

describe('logboom query with a SELECT', () => {
  const select = (sql: string, ...options: string[]) => logboom(['query', `path:* | ${sql}`, ...options]).ended;

  test('prints rows as a table, without what a terminal acts on', async () => {
    const { exitCode, out, err } = await select('SELECT path, note FROM log ORDER BY path');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toBe('path  note\n/a    red \\u001b[31m \\u009b31m \\u202etxt\n/b    null\n');
  });

  test('prints them as CSV or JSON where that is asked for', async () => {
    expect((await select('SELECT path, count(*) AS "=n" FROM log GROUP BY path ORDER BY path', '--csv')).out).toBe(
      "path,'=n\r\n/a,1\r\n/b,1\r\n",
    );
    expect((await select('SELECT path FROM log ORDER BY path', '--json')).out).toBe('{"path":"/a"}\n{"path":"/b"}\n');
  });

  test('says when it stopped at its limit', async () => {
    const { exitCode, err } = await select('SELECT path FROM log LIMIT 1');
    expect([exitCode, err]).toEqual([0, 'logboom: stopped at 1 rows, there may be more: LIMIT n takes more\n']);
  });

  test('knows a bar in quotes from one before SQL', async () => {
    expect(await logboom(['query', 'path:"|"']).ended).toMatchObject({ exitCode: 0, out: '', err: '' });
    expect(await select('SELECT nonsense(')).toMatchObject({ exitCode: 1, out: '' });
    expect(await select('SELECT 1', '--follow')).toMatchObject({ exitCode: 2 });
  });
});

test('logs are printed as CSV with a column for every name', async () => {
  const { exitCode, out } = await logboom(['query', '--csv', '--oldest-first']).ended;
  expect(exitCode).toBe(0);
  const [head, a, b] = out.split('\r\n');
  expect(head).toBe('__time__,__topic__,__source__,__tag__:app,path,note');
  expect(a).toMatch(/^\d{10},,,shop,\/a,red \\u001b/);
  expect(b).toMatch(/^\d{10},,,,\/b,$/);
});

describe('what there is', () => {
  test('over time', async () => {
    const { exitCode, out } = await logboom(['histogram', '--from', '2h', '--buckets', '5', '--by', 'path']).ended;
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^FROM \(UTC\) +LOGS +\/\S+ .*\n(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d.*\n)+$/);
    expect(out).toContain('█');
    const { out: json } = await logboom(['histogram', '--from', '2h', '--json']).ended;
    expect(JSON.parse(json).meta.count).toBe(3);
  });

  test('of fields', async () => {
    const { out } = await logboom(['fields', 'path:a']).ended;
    expect(out).toMatch(/^FIELD +OF LOGS +TYPE +EXAMPLE\n/);
    expect(out).toMatch(/\npath +100.0 % +text +\/a\n/);
  });

  test('of a field', async () => {
    const { out } = await logboom(['top', 'path', '*', '--from', '2h', '--limit', '2']).ended;
    expect(out).toMatch(/^LOGS {2}SHARE +VALUE\n(?:1 +33\.3 % +\/\w+\n){2}$/);
  });

  test.each([
    ['no field', ['top']],
    ['no number', ['histogram', '--buckets', '0']],
    ['no sample', ['fields', '--sample', 'x']],
  ])('is refused with %s', async (_what, args) => {
    expect(await logboom(args).ended).toMatchObject({ exitCode: 2, out: '' });
  });
});

describe('logboom tail', () => {
  let seq = 0;
  const insert = async (logstore: number, count = 1) => {
    const rows = Array.from({ length: count }, (_, i): Row => {
      return { logstore, timeMs: Date.now(), seq: seq + i, fields: [['path', `/${seq + i}`]] };
    });
    seq += count;
    await engine.insert(rows);
  };

  /** A tail that has printed its first log. */
  const openTail = async (name: string, logstore: number) => {
    const tail = logboom(['tail', 'path:*', '--logstore', name]);
    const open = tail.until('out', /./).then(() => true);
    while (!(await Promise.race([open, sleep(100, false)]))) await insert(logstore);
    return tail;
  };

  test('prints logs as they arrive and goes on where it was, over a lost connection and a restart of the store', async () => {
    await insert(2);
    const tail = await openTail('live', 2);

    server.closeAllConnections();
    await insert(2, 3);
    await tail.until('out', new RegExp(`"/${seq - 1}"`));

    await engine.process.end('SIGKILL');
    await engine.process.start();
    await insert(2, 2);
    await tail.until('out', new RegExp(`"/${seq - 1}"`));

    tail.interrupt();
    const { exitCode, out, err } = await tail.ended;
    expect(exitCode).toBe(130);
    const printed = pathsOf(out);
    const first = Number(printed[0].slice(1));
    expect(first).toBeGreaterThan(0);
    expect(printed).toEqual(Array.from({ length: seq - first }, (_, i) => `/${first + i}`));
    expect(err).toMatch(/^logboom: the connection was lost; trying again\nlogboom: going on\n/);
    expect(err).toMatch(/\nlogboom: interrupted\n$/);
  });

  test('ends when its logstore is deleted', async () => {
    const tail = await openTail('doomed', 3);
    catalog.apply([{ event: 'logstoreDeleted', id: 3 }]);
    expect(await tail.ended).toMatchObject({ exitCode: 1, err: expect.stringMatching(/LogStoreNotExist/) });
  });

  test('of a server that was never there ends at once', async () => {
    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const tail = logboom(['tail'], gone);
    gone.close();
    gone.closeAllConnections();
    expect(await tail.ended).toMatchObject({ exitCode: 3 });
  });
});
