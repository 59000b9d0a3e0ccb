// Goal: for every refused write anybody who may know finds out why, by its request id, whichever worker refused it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RefusalCounts, RefusalInfo, RefusalList } from '../src/api/refusals.js';
import { removeData, type Service, startService } from './support/service.js';

const COMMAND = path.resolve(import.meta.dirname, '../bin/logboom');
const WEB = '/api/v1/projects/default/logstores/web';
const TRACK = '/logstores/web/track?APIVersion=0.6.0';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--workers', '2', '--store', 'none', '--trusted-proxies', '127.0.0.1'] });
  await service.allWorkers();
  const origins = { mode: 'enforce', allowed: ['https://shop.test'], withoutOrigin: 'accept' };
  const report = { ...origins, mode: 'report' };
  const logstores = '/api/v1/projects/default/logstores';
  await service.admin('PUT', WEB, { origins, clientAddress: 'network' });
  await service.admin('POST', logstores, {
    name: 'watched',
    webTracking: true,
    origins: report,
    clientAddress: 'none',
  });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

/** Sends on a connection of its own, so that either worker may get it; resolves to the id of the request. */
async function send(target: string, status: number, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(service.publicUrl + target, {
    ...init,
    headers: { ...init.headers, connection: 'close' },
  });
  expect(answer.status).toBe(status);
  return answer.headers.get('x-log-requestid') ?? '';
}

async function read<T>(target: string): Promise<T> {
  const answer = await service.admin('GET', `/api/v1${target}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

const find = (id: string) => read<RefusalInfo>(`/refusals/${id}`);

async function logboom(...args: string[]): Promise<{ exitCode: number; out: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--admin', service.adminUrl, '--data', service.data]);
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode: Number(exitCode), out };
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', body, headers });

test.each<[string, string, number, RequestInit, Partial<RefusalInfo>]>([
  [
    'a page that is not listed',
    TRACK,
    401,
    post('{"__logs__":[]}', { origin: 'https://evil.test', 'x-forwarded-for': '198.51.100.7' }),
    { reason: 'OriginDenied', origin: 'https://evil.test', field: 'Origin', address: '198.51.100.0', body: null },
  ],
  [
    'a bad key, found at its byte, in a body that was compressed',
    TRACK,
    400,
    { ...post('{"__logs__":[{"a":"1","":"2"}],"token":"hunter2"}') },
    {
      reason: 'InvalidKey',
      detail: 'a key is empty',
      offset: 22,
      body: { bytes: 49, start: '{"__logs__":[{"a":"1","":"2"}],"token":"***"}', isText: true },
    },
  ],
  [
    'a query that is too long',
    `${TRACK}&password=x&k=${'v'.repeat(17_000)}`,
    400,
    {},
    { reason: 'PostBodyTooLarge', method: 'GET', path: expect.stringContaining('password=***') },
  ],
  [
    'a body that is not compressed',
    TRACK,
    400,
    post('{"__logs__":[]}', { 'x-log-compresstype': 'lz4', 'x-log-bodyrawsize': '15' }),
    { reason: 'PostBodyUncompressError', body: { bytes: 15, start: '{"__logs__":[]}', isText: true } },
  ],
  ['no version', '/logstores/web/track', 400, post('{}'), { reason: 'MissingAPIVersion', project: 'default' }],
  [
    'a logstore that is not there',
    '/logstores/nope/track?APIVersion=0.6.0',
    404,
    { headers: { 'x-forwarded-for': '2001:db8:1:2::3' } },
    { reason: 'LogStoreNotExist', project: 'default', logstore: 'nope', address: '2001:db8:1::' },
  ],
])('%s', async (_what, target, status, init, expected) => {
  const id = await send(target, status, init);
  const refusal = await find(id);
  expect(refusal).toMatchObject({ requestId: id, wasRefused: true, status, ...expected });
  expect(refusal.advice).toMatch(/\.$/);
  expect(Math.abs(refusal.time - Date.now() / 1000)).toBeLessThan(60);
});

test('a logstore that only reports accepts, and says what it would have refused', async () => {
  const id = await send('/logstores/watched/track?APIVersion=0.6.0&a=b', 200, {
    headers: { origin: 'https://evil.test' },
  });
  await send('/logstores/watched/track?APIVersion=0.6.0&a=b', 200, { headers: { origin: 'https://shop.test' } });
  const { refusals } = await read<RefusalList>('/projects/default/logstores/watched/refusals');
  expect(refusals).toMatchObject([{ requestId: id, reason: 'OriginReported', wasRefused: false, address: null }]);
});

test('what either worker refused is in one list and one count', async () => {
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'closed' });
  const ids = new Set<string>();
  // As many as one worker keeps of a kind in a second: which one is asked is the kernel's choice.
  for (let n = 0; n < 8; n++) ids.add(await send('/logstores/closed/track?APIVersion=0.6.0', 401));
  // Each worker makes ids with digits of its own.
  const at = '/projects/default/logstores/closed';
  const { refusals } = await read<RefusalList>(`${at}/refusals?reason=WebTrackingOff`);
  expect(new Set(refusals.map(({ requestId }) => requestId))).toEqual(ids);
  expect(refusals.map(({ time }) => time)).toEqual(refusals.map(({ time }) => time).toSorted((a, b) => b - a));
  for (const step of ['minute', 'hour']) {
    const { steps } = await read<RefusalCounts>(`${at}/refusal-counts?step=${step}`);
    expect(steps.reduce((sum, { count }) => sum + count, 0)).toBe(8);
  }
  expect((await read<RefusalList>(`${at}/refusals?limit=3`)).refusals).toHaveLength(3);
});

test('a key for one project sees the refusals of that one', async () => {
  await service.admin('POST', '/api/v1/projects', { name: 'other' });
  const created = await service.admin('POST', '/api/v1/keys', { roles: ['read'], projects: ['other'] });
  const { id, secret } = (await created.json()) as { id: string; secret: string };
  const ask = async (target: string) =>
    (await fetch(`${service.adminUrl}/api/v1${target}`, { headers: { authorization: `Bearer ${id}:${secret}` } }))
      .status;
  expect(await ask('/projects/other/refusals')).toBe(200);
  expect(await ask('/projects/default/refusals')).toBe(401);
  expect(await ask('/refusals')).toBe(401);
  expect(await ask('/refusal-counts')).toBe(401);
  expect(await ask('/refusals/0123456789ABCDEF01234567')).toBe(401);
});

test.each([
  ['/refusals/nope', 404],
  ['/refusals?limit=0', 400],
  ['/refusals?limit=x', 400],
  ['/refusals?colour=red', 400],
  ['/refusal-counts?step=year', 400],
])('%s is answered %i', async (target, status) => {
  expect((await service.admin('GET', `/api/v1${target}`)).status).toBe(status);
});

test('the command line shows them', async () => {
  const id = await send(TRACK, 400, post('{"__logs__":[{"":"v"}]}'));
  const one = await logboom('refusals', id);
  expect(one.exitCode).toBe(0);
  expect(one.out).toContain('400 InvalidKey: Invalid keys are in logs.');
  expect(one.out).toContain('a key is empty, byte 14');
  expect(one.out).toContain('Name the field otherwise');
  const hostile = await logboom('refusals', await send(TRACK, 400, post('{"__logs__":[{"a":"\u001b[31m"}]}')));
  expect(hostile.out).toContain('PostBodyInvalid');
  expect(hostile.out).not.toContain('\u001b');
  expect((await logboom('refusals', id, '--project', 'default', '--json')).out).toContain(`"requestId":"${id}"`);
  expect((await logboom('refusals', '--project', 'default', '--logstore', 'web')).out).toContain(id);
  expect((await logboom('refusals', '--counts', 'hour')).out).toMatch(/InvalidKey \d/);
  expect((await logboom('refusals', 'nope')).exitCode).not.toBe(0);
});
