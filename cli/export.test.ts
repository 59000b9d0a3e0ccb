// Goal: what is exported arrives whole or says that it is not, over whatever breaks on the way.
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect, createServer, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MemoryCatalog } from '../src/catalog/view.js';
import { DEFAULT_QUOTA } from '../src/model/write-rules.js';
import { systemClock } from '../src/platform/clock.js';
import { exportRoutes } from '../src/query/export/routes.js';
import { newLogstore } from '../test/support/catalog.js';
import { runCommand } from '../test/support/command-line.js';
import { type Engine, LIMITS, startEngine } from '../test/support/query/engine.js';
import { testListener } from '../test/support/test-listener.js';

const COUNT = 15_000;
const RANGE = ['--from', '2026-11-19', '--to', '2026-11-20'];

const catalog = new MemoryCatalog();
catalog.apply([
  {
    event: 'project',
    project: { name: 'default', description: '', createdAt: 0, updatedAt: 0, quota: DEFAULT_QUOTA },
  },
  { event: 'logstore', logstore: newLogstore(1, 'default', 'web') },
]);

let engine: Engine;
let server: Server;
/** In front of the server: behind so many bytes of an answer it hangs up, or passes no more on, as often as it may. */
let proxy: NetServer;
let cutsLeft = 0;
let isStalling = false;
const CUT_BYTES = 6_000_000;
let directory: string;
let file: string;

beforeAll(async () => {
  engine = await startEngine();
  await engine.run(
    `INSERT INTO logs (logstore, time, shard, seq, row, ttl, fields)
     SELECT 1, toDateTime64('2026-11-19 00:00:00', 9, 'UTC') + number, 11, number, 1, 3650,
       map('n', toString(number), 'pad', randomPrintableASCII(800))
     FROM numbers(${COUNT})`,
  );
  server = testListener({
    routes: exportRoutes({
      view: catalog,
      store: engine.store,
      shards: engine.shards,
      position: engine.position,
      clock: systemClock,
      limits: LIMITS,
      directory: mkdtempSync(path.join(tmpdir(), 'logboom-records-')),
      stopping: new AbortController().signal,
      log: pino({ level: 'silent' }),
      authorize: () => undefined,
    }),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = createServer((client) => {
    const upstream = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let bytes = 0;
    client.pipe(upstream).pipe(client);
    // A connection is used again for the next request.
    client.on('data', () => {
      bytes = 0;
    });
    upstream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes < CUT_BYTES || cutsLeft === 0) return;
      cutsLeft -= 1;
      if (isStalling) {
        upstream.unpipe(client).pause();
      } else {
        client.destroy();
        upstream.destroy();
      }
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    // As proxies do: a half-closed connection that nobody reads would hold the export open.
    client.on('close', () => upstream.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  proxy.close();
  await engine.close();
});
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'logboom-export-'));
  file = path.join(directory, 'logs');
  cutsLeft = 0;
  isStalling = false;
});
afterEach(() => rmSync(directory, { recursive: true }));

function logboom(args: readonly string[], options: { showsProgress?: boolean } = {}) {
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return runCommand(['export', ...args], url, options);
}

const numbersOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(JSON.parse(line).n));
const SHORT = ['--from', '2026-11-19', '--to', '2026-11-19T00:10'];
const ALL = Array.from({ length: COUNT }, (_, i) => i);

test('a file is written, checked and told of', async () => {
  const { exitCode, out, err } = await logboom(['*', ...SHORT, '--output', file]).ended;
  expect([exitCode, out]).toEqual([0, '']);
  expect(err).toMatch(/^logboom: 600 logs, \d+ bytes, SHA-256 [0-9a-f]{64}\n$/);
  expect(numbersOf(readFileSync(file, 'utf8'))).toEqual(ALL.slice(0, 600));
  expect(readdirSync(directory)).toEqual(['logs']);
});

test('a connection that is lost again and again costs neither a log nor a repeat', async () => {
  cutsLeft = 2;
  const { exitCode, err } = await logboom(['*', ...RANGE, '--output', file]).ended;
  expect(exitCode).toBe(0);
  expect(err.match(/the connection was lost; going on/g)).toHaveLength(2);
  expect(numbersOf(readFileSync(file, 'utf8'))).toEqual(ALL);
});

test('what was interrupted goes on with --resume, and what was changed meanwhile does not', async () => {
  cutsLeft = 1;
  isStalling = true;
  const first = logboom(['*', ...RANGE, '--output', file]);
  await expect.poll(() => existsSync(file) && statSync(file).size, { timeout: 20_000 }).toBeGreaterThan(5_000_000);
  first.interrupt();
  expect(await first.ended).toMatchObject({ exitCode: 130 });
  const part = readFileSync(file);

  writeFileSync(file, Buffer.concat([Buffer.from('x'), part.subarray(1)]));
  expect(await logboom(['--resume', '--output', file]).ended).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/is not what the server exported/),
  });
  writeFileSync(file, Buffer.concat([part, Buffer.from('torn')]));
  const { exitCode, err } = await logboom(['--resume', '--output', file]).ended;
  expect([exitCode, err]).toEqual([0, expect.stringMatching(/^logboom: 15000 logs, \d+ bytes/)]);
  expect(numbersOf(readFileSync(file, 'utf8'))).toEqual(ALL);
  expect(existsSync(`${file}.logboom-export`)).toBe(false);
});

test('columns, format and compression are as asked for, on standard output too', async () => {
  const args = ['n:7', ...RANGE, '--format', 'csv', '--columns', 'n,__time__', '--zone', 'UTC', '--output', '-'];
  const { exitCode, out } = await logboom(args).ended;
  expect([exitCode, out]).toEqual([0, 'n,__time__\r\n7,2026-11-19T00:00:07.000000+00:00\r\n']);
});

test('nothing is written where the size is asked for', async () => {
  const { exitCode, out } = await logboom(['*', ...RANGE, '--estimate']).ended;
  expect([exitCode, out]).toEqual([0, expect.stringMatching(/^15000 logs, about 1\d\.\d MiB\n$/)]);
});

test('progress is shown on a terminal alone', async () => {
  const { err } = await logboom(['*', ...SHORT, '--output', file], { showsProgress: true }).ended;
  // Whatever was written over is gone in the end.
  const [last = ''] = err.split('\r').slice(-1);
  expect(last.replace('\u001b[K', '')).toMatch(/^logboom: 600 logs, .*\n$/);
});

test.each<[string, string[], number, RegExp]>([
  ['no file', ['*'], 2, /--output FILE/],
  ['a format that is none', ['*', '--output', 'FILE', '--format', 'xml'], 2, /--format must be one of/],
  ['a mistake in the search', ['a and', '--output', 'FILE'], 1, /ParameterInvalid/],
  ['nothing to continue', ['--resume', '--output', 'FILE'], 2, /cannot be continued/],
  ['a directory that is not there', ['*', '--output', 'FILE/x/y'], 2, /no such file/],
])('%s is refused, and nothing is left behind', async (_what, args, exitCode, message) => {
  const { err, ...result } = await logboom(args.map((arg) => arg.replace('FILE', file))).ended;
  expect(result).toEqual({ exitCode, out: '' });
  expect(err).toMatch(message);
  expect(readdirSync(directory)).toEqual([]);
});

test('a file that is there already is left alone', async () => {
  writeFileSync(file, 'mine');
  expect(await logboom(['*', '--output', file]).ended).toMatchObject({ exitCode: 2 });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});
