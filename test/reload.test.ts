// Goal: rules and quotas change while the service runs, on every worker and for no one's connection, or not at all.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Status } from '../src/api/status.js';
import { openSocket, readAnswers } from './support/raw-http.js';
import { removeData, type Service, startService } from './support/service.js';

const directory = mkdtempSync(path.join(tmpdir(), 'logboom-reload-'));
const file = path.join(directory, 'logboom.yaml');
let service: Service;

const PLAIN = 'workers: 2\nstore: none\n';
const RULES = `${PLAIN}trustedProxies: 127.0.0.1\nblockedAddresses: 203.0.113.0/24\n`;

beforeAll(async () => {
  writeFileSync(file, PLAIN);
  service = await startService({ flags: ['--config', file] });
  await service.allWorkers();
});

beforeEach(async () => {
  await reload(PLAIN);
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
  rmSync(directory, { recursive: true });
});

/** Resolves when the log tells how it went, with what it tells. */
async function reload(yaml: string): Promise<string> {
  const { length } = service.output();
  writeFileSync(file, yaml);
  process.kill(service.pid, 'SIGHUP');
  await expect.poll(() => service.output().slice(length)).toContain('the settings were read again');
  return service.output().slice(length);
}

/** The answers to requests of a client that a proxy on this machine speaks for, each on a connection of its own. */
async function statuses(): Promise<ReadonlySet<number>> {
  const answers = Array.from({ length: 30 }, () =>
    fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0&k=v`, {
      headers: { connection: 'close', 'x-forwarded-for': '203.0.113.9' },
    }),
  );
  return new Set((await Promise.all(answers)).map(({ status }) => status));
}

async function workerPids(): Promise<readonly number[]> {
  // Our own server says what it says in its types.
  const { shards } = (await (await service.admin('GET', '/api/v1/status')).json()) as Status;
  return shards.map(({ pid }) => pid ?? 0);
}

test('new rules hold at every worker, and at one that is started later', async () => {
  expect(await statuses()).toEqual(new Set([200]));
  expect(await reload(RULES)).toContain('"changed":["trustedProxies","blockedAddresses"]');
  expect(await statuses()).toEqual(new Set([401]));

  const [first = 0, second = 0] = await workerPids();
  process.kill(second, 'SIGKILL');
  await expect.poll(workerPids, { timeout: 20_000 }).not.toContain(second);
  await expect.poll(async () => (await fetch(`${service.adminUrl}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  expect(await workerPids()).toContain(first);
  expect(await statuses()).toEqual(new Set([401]));

  await reload(PLAIN);
  expect(await statuses()).toEqual(new Set([200]));
});

test('a request under way is answered, and its connection goes on', async () => {
  const socket = await openSocket(service.publicUrl);
  const body = '{"__logs__":[{"k":"v"}]}';
  const head = `POST /logstores/web/track HTTP/1.1\r\nHost: x.log.test\r\nx-log-apiversion: 0.6.0\r\nx-log-bodyrawsize: ${body.length}\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(head.replace('x.log.test', 'default.log.test') + body.slice(0, 10));
  await reload(`${RULES}domains: x.log.test=default\n`);
  socket.write(body.slice(10) + head + body);
  const answers = await readAnswers(socket, 2);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  socket.destroy();
});

test('a file that cannot be used changes nothing, and the log says why', async () => {
  const output = await reload(`${RULES}quotaAddressRequests: many\nworkersss: 3\n`);
  expect(output).toContain('cannot be used; the old ones stay in force');
  expect(output).toContain('quotaAddressRequests is \\"many\\"');
  expect(output).toContain('unknown setting \\"workersss\\"');
  expect(await statuses()).toEqual(new Set([200]));
});

test('a file that became a directory or a pipe changes nothing either, and holds nothing up', async () => {
  await reload(RULES);
  for (const put of [() => mkdirSync(file), () => execFileSync('mkfifo', [file])]) {
    const { length } = service.output();
    rmSync(file, { recursive: true });
    put();
    for (let i = 0; i < 50; i++) process.kill(service.pid, 'SIGHUP');
    await expect.poll(() => service.output().slice(length)).toContain('Cannot read the configuration file');
    // What it is asked by way of its supervisor it answers.
    expect(await workerPids()).toHaveLength(2);
    expect(await statuses()).toEqual(new Set([401]));
  }
  rmSync(file);
});

test('what takes a restart is named and not done', async () => {
  const output = await reload(`${RULES.replace('workers: 2', 'workers: 3')}spoolBytesMax: 2GiB\n`);
  expect(output).toContain('"settings":["workers","spoolBytesMax"],"msg":"settings have changed that take a restart"');
  expect(await workerPids()).toHaveLength(2);
  expect(await statuses()).toEqual(new Set([401]));
});

test('the signal does no harm to the other processes', async () => {
  const pids = await workerPids();
  for (const pid of pids) process.kill(pid, 'SIGHUP');
  await reload(RULES);
  expect(await workerPids()).toEqual(pids);
});
