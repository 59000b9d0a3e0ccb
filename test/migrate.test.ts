// Goal: a service moves from its embedded store to a server and back while logs arrive, and each log is there once on the way.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeData, type Service, startService } from './support/service.js';
import { SlsClient } from './support/sls-client.js';
import { openTestServer, type TestServer } from './support/test-server.js';

const COMMAND = path.resolve(import.meta.dirname, '../bin/logboom');
const WITHIN = { timeout: 90_000, interval: 200 };
const LOGSTORES = ['web', 'orders'];
const HOUR = 3600;
/** Of some days, so that logs are in several partitions. */
const HOURS = 60;
/** Some loaded and held, some sealed, one being written. */
const SPOOL = ['--workers', '2', '--spool-segment-age-max', '500ms'];

let server: TestServer;
let url: string;
let service: Service;
let sent = 0;
const acknowledged = new Map<string, string[]>(LOGSTORES.map((name) => [name, []]));

beforeAll(async () => {
  server = await openTestServer();
  url = `http://${server.host}:${server.port}`;
  service = await startService({ flags: SPOOL });
  await service.allWorkers();
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'orders', appendMeta: true });
  const index = { keys: { page: { type: 'text', token: ['/'] }, code: { type: 'long' } } };
  await new SlsClient(service, 'web').json('POST', '/index', index);
});

afterAll(async () => {
  await server.close();
});

/** A log group with logs of other hours in it. */
async function put(logstore: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const group = sent++;
  const logs = Array.from({ length: 20 }, (_, i) => {
    const n = `${group}-${i}`;
    const more = i % 3 === 0 ? { [`rare ${i}`]: 'é\n"\\', code: String(i) } : {};
    return { time: now - ((group * 7 + i) % HOURS) * HOUR, contents: { n, page: `/p/${i}`, ...more } };
  });
  await new SlsClient(service, logstore).put({ topic: `t${group % 3}`, source: '10.0.0.1', tags: { app: 'x' }, logs });
  acknowledged.get(logstore)?.push(...logs.map(({ contents }) => contents['n'] ?? ''));
}

/** Sends until `work` has ended. */
async function whileLogsArrive<T>(work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const sending = (async () => {
    while (!isOver) for (const logstore of LOGSTORES) await put(logstore);
  })();
  const result = await work().finally(() => {
    isOver = true;
  });
  await sending;
  return result;
}

interface Run {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; kills it as soon as `isTime`. */
async function migrate(args: readonly string[], isTime = () => false): Promise<Run> {
  const settings = server.flags([url]).slice(4);
  const child = spawn(process.execPath, [COMMAND, 'migrate', ...args, '--data', service.data, ...settings]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const watch = setInterval(() => isTime() && child.kill('SIGKILL'), 5);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { exitCode, out, err };
}

const progress = () => path.join(service.data, 'migration', 'progress.ndjson');
const notedHours = () => (existsSync(progress()) ? readFileSync(progress(), 'utf8').split('\n').length - 2 : 0);

async function everythingIsFoundOnce(): Promise<void> {
  for (const [logstore, expected] of acknowledged) {
    // Every segment that is held is counted first, which on a busy machine takes its time.
    await expect
      .poll(async () => (await service.logs(logstore)).length, WITHIN)
      .toBeGreaterThanOrEqual(expected.length);
    const logs = await service.logs(logstore);
    expect(logs.map(({ n }) => n).sort()).toEqual([...expected].sort());
    expect(logs.find(({ n }) => n === expected[0])).toMatchObject({
      'rare 0': 'é\n"\\',
      page: '/p/0',
      __topic__: /t\d/,
    });
  }
}

test('to a server: killed in the middle, gone on with, switched over by a restart', async () => {
  await whileLogsArrive(() => service.logs('web', { count: 200 }));
  await whileLogsArrive(async () => {
    expect(await migrate(['--to', url], () => notedHours() > 0)).toMatchObject({ exitCode: null });
    expect(notedHours()).toBeGreaterThan(0);
    expect(await migrate(['--to', url])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('each hour compared'),
    });
  });
  // What came since the last round is in the spool alone, or held there.
  expect(await service.stop()).toBe(0);
  const { data } = service;
  service = await startService({ data, flags: [...SPOOL, ...server.flags([url])] });
  for (const logstore of LOGSTORES) await put(logstore);
  await everythingIsFoundOnce();
  expect(await migrate(['--to', url, '--verify'])).toMatchObject({
    exitCode: 0,
    err: expect.not.stringContaining('instead'),
  });
  expect(await migrate(['--to', url])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('store of nodes already'),
  });
}, 300_000);

test('and back, where a log that is lost on one side is told by its logstore and hour', async () => {
  const { data } = service;
  renameSync(path.join(data, 'store'), path.join(data, 'store.old'));
  renameSync(path.join(data, 'migration'), path.join(data, 'migration.old'));
  expect(await whileLogsArrive(() => migrate(['--from', url]))).toMatchObject({ exitCode: 0 });
  expect(await service.stop()).toBe(0);
  service = await startService({ data, flags: SPOOL });
  for (const logstore of LOGSTORES) await put(logstore);
  await everythingIsFoundOnce();

  expect(await migrate(['--from', url, '--verify'])).toMatchObject({ exitCode: 0 });
  const of = await server.run(
    'SELECT logstore, toString(toStartOfHour(time)), shard, seq FROM logs WHERE row = 3 LIMIT 1 FORMAT TSV',
  );
  const [logstore, hour = '', shard, seq] = of.trim().split('\t');
  await server.run(`ALTER TABLE logs DELETE
WHERE logstore = ${logstore} AND shard = ${shard} AND seq = ${seq} AND row = 3 SETTINGS mutations_sync = 2`);
  const { exitCode, err } = await migrate(['--from', url, '--verify']);
  expect(exitCode).toBe(1);
  expect(err).toContain(`logstore ${logstore}, the hour from ${hour.slice(0, 13).replace(' ', 'T')}:00 UTC`);
  expect(await service.stop()).toBe(0);
  await removeData(data);
}, 300_000);
