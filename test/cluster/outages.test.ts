// Goal: however the server fails, logs are taken until the spool is full, the cause is told, and afterwards everything is there
// once and has arrived in order. docs/operating.md lists the outages, with what one sees of each.
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Status } from '../../src/api/status.js';
import { makeCertificate } from '../support/certificate.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { removeData, type Service, startService } from '../support/service.js';
import { StoreProcess } from '../support/store-process.js';
import { startTlsProxy } from '../support/tls-proxy.js';

vi.setConfig({ testTimeout: 90_000 });

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 50 });
const DAY_MS = 24 * 60 * 60 * 1000;

const SMALL_SPOOL = [
  ...['--spool-segment-bytes-max', '256KiB', '--spool-commit-bytes-max', '128KiB', '--body-bytes-max', '128KiB'],
  ...['--spool-bytes-max', '1MiB', '--spool-hold-bytes-max', '256KiB'],
];

/** Its data are on a file system that can be filled, where the machine lets us have one. */
const store = new StoreProcess({ isOnPort: true });
const disk = path.join(store.directory, 'data');
let isDiskOurs = false;
let way: FaultyProxy;
let service: Service;
let sent = 0;

beforeAll(async () => {
  fs.mkdirSync(disk);
  isDiskOurs = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'logboom-test', disk]).status === 0;
  if (!isDiskOurs && process.env['CI'] === 'true')
    throw new Error('the disk of the store cannot be filled: mount takes root');
  await store.start();
  way = new FaultyProxy({ host: '127.0.0.1', port: store.port });
  await way.open();
});

afterAll(async () => {
  await way.close();
  await store.end('SIGKILL');
  if (isDiskOurs) execFileSync('umount', [disk]);
  await store.remove();
});

afterEach(async () => {
  await service.stop();
  await removeData(service.data);
});

/** A service with a database of its own. */
async function start(name: string, url: string, flags: readonly string[] = [], data?: string): Promise<void> {
  sent = 0;
  const place = ['--store', 'cluster', '--store-urls', url, '--store-database', name];
  const options = { flags: [...place, '--spool-segment-age-max', '50ms', ...flags] };
  service = await startService(data === undefined ? options : { ...options, data });
}

/** The status of the answer. */
async function track(filling = ''): Promise<number> {
  const body = JSON.stringify({ __logs__: [{ n: String(sent), filling }] });
  const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
  const { status } = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
  if (status === 200) sent += 1;
  return status;
}

const status = async () => (await (await service.admin('GET', '/api/v1/status')).json()) as Status;
const cause = async () => {
  const { store: described } = await status();
  return described.kind === 'cluster' ? described.lastError : undefined;
};

/** How many logs there are, how many different ones, and how many there would be if none were missing before the last. */
async function stored(database: string): Promise<readonly number[]> {
  const sql = `SELECT count(), uniqExact(fields['n']), max(toInt64(fields['n'])) + 1 FROM ${database}.logs FORMAT JSONCompact`;
  const { data } = JSON.parse(await store.run(sql)) as { data: [string[]] };
  return data[0].map(Number);
}

async function everythingArrivesInOrder(database: string): Promise<void> {
  for (let count = -1; count < sent; ) {
    const [logs = 0, different, last] = await stored(database);
    expect([different, last]).toEqual([logs, logs]);
    count = logs;
  }
  expect(await stored(database)).toEqual([sent, sent, sent]);
}

test('away for long: logs are taken until the spool is full, refused then, and taken again when it has room', async () => {
  await start('away', way.url, SMALL_SPOOL);
  expect(await track()).toBe(200);
  await eventually(() => stored('away')).toEqual([1, 1, 1]);
  await way.close();
  while ((await track('x'.repeat(10_000))) === 200);
  expect(sent).toBeGreaterThan(50);
  await eventually(async () => (await status()).reasons.join()).not.toBe('');
  await eventually(cause).toMatch(/ECONNREFUSED/);
  await way.open();
  await everythingArrivesInOrder('away');
  await eventually(() => track()).toBe(200);
  await eventually(cause).toBeNull();
});

test('slow: nothing is refused, and the lag is told', async () => {
  await start('slow', way.url);
  expect(await track()).toBe(200);
  await eventually(() => stored('slow')).toEqual([1, 1, 1]);
  way.delayMs = 600;
  for (let n = 0; n < 20; n++) expect(await track()).toBe(200);
  await eventually(async () => (await status()).shards[0]?.figures?.loadLagSeconds).toBeGreaterThan(0);
  way.delayMs = 0;
  await everythingArrivesInOrder('slow');
});

test('full: that its disk has no space is told, what is there is found, and the rest arrives when there is', async ({
  skip,
}) => {
  if (!isDiskOurs) return skip('takes root, to mount a small file system');
  await start('full', way.url);
  expect(await track()).toBe(200);
  await service.logs('web', { count: 1 });
  const filler = path.join(disk, 'filler');
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' });
  for (let n = 0; n < 20; n++) expect(await track()).toBe(200);
  await eventually(cause).toMatch(/space/i);
  expect((await status()).ready).toBe(true);
  expect(await service.logs('web', { count: 1 })).toHaveLength(1);
  fs.rmSync(filler);
  await everythingArrivesInOrder('full');
});

test('its certificate has expired: that is told, and a new one is enough', async () => {
  const [valid, expired] = [makeCertificate('127.0.0.1'), makeCertificate('127.0.0.1', Date.now() - DAY_MS)];
  const proxy = await startTlsProxy(store.url, valid);
  const url = `https://127.0.0.1:${proxy.port}`;
  const ca = path.join(store.directory, 'ca.pem');
  fs.writeFileSync(ca, valid.cert + expired.cert);
  await start('expired', url, ['--store-ca', ca]);
  await service.stop();
  proxy.renew(expired);
  await start('expired', url, ['--store-ca', ca], service.data);
  expect(await track()).toBe(200);
  await eventually(cause).toMatch(/certificate has expired/);
  proxy.renew(valid);
  expect(await service.logs('web', { count: 1 })).toHaveLength(1);
  await eventually(cause).toBeNull();
  await service.stop();
  await proxy.close();
});
