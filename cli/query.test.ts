// Goal: what the store has is what the terminal shows, a log a line; what is missing, and why, is said beside it.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthorizer } from '../src/admin/authorize.js';
import { MemoryCatalog } from '../src/catalog/view.js';
import { createListener } from '../src/http/listener.js';
import { DEFAULT_QUOTA } from '../src/model/write-rules.js';
import { systemClock } from '../src/platform/clock.js';
import { queryRoutes } from '../src/query/routes.js';
import { newLogstore } from '../test/support/catalog.js';
import { type Engine, LIMITS, type Row, startEngine } from '../test/support/query/engine.js';
import type { Machine } from './machine.js';
import { main } from './main.js';

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
  server = createListener({
    routes: queryRoutes({
      view: catalog,
      store: engine.store,
      shards: engine.shards,
      position: engine.position,
      clock: systemClock,
      limits: LIMITS,
      timeZone: 'UTC',
      stopping: new AbortController().signal,
      authorize: (exchange) => createAuthorizer(catalog, systemClock)(exchange, 'read'),
    }),
    crossOrigin: false,
    requestIds: () => '0123456789abcdef01234567',
    clock: systemClock,
    log: pino({ level: 'silent' }),
    connectionsMax: 100,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    keepAliveTimeoutMs: 10_000,
    onAnswer: () => undefined,
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

/** A run of `logboom …args` whose output can be waited for. */
function logboom(args: readonly string[], at = server) {
  const interrupt = new AbortController();
  const output = { out: '', err: '' };
  let changed = () => {};
  const machine: Machine = {
    env: { LOGBOOM_ADMIN: urlOf(at), LOGBOOM_ACCESS_KEY_ID: 'LBtest', LOGBOOM_ACCESS_KEY_SECRET: 'a-secret' },
    signal: interrupt.signal,
    isInteractive: false,
    readFile: () => '',
    write: async (text) => {
      output.out += text;
      changed();
    },
    warn: (text) => {
      output.err += text;
      changed();
    },
    ask: async () => '',
  };
  const ended = main(args, machine).then((exitCode) => ({ exitCode, ...output }));
  return {
    ended,
    interrupt: () => interrupt.abort(),
    async until(stream: 'out' | 'err', pattern: RegExp): Promise<void> {
      while (!pattern.test(output[stream])) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  };
}

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
