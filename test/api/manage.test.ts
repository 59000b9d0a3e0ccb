// Goal: projects, logstores, indexes and shards are managed as SLS's documents have it, by whoever holds a key for that.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeData, type Service, startService } from '../support/service.js';
import { sign, type TestKey } from '../support/sign.js';
import type { SignedCase } from './case.js';
import { MANAGE_CASES } from './manage-cases.js';
import { type Answer, check, play } from './play.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com', '--store', 'none'] });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

type Sent = Pick<SignedCase, 'request' | 'host'>;

function playSigned({ request, host = 'default.log.example.com' }: Sent, key: TestKey = service.key): Promise<Answer> {
  const given = { ...request, host, headers: (request.headers ?? {}) as Record<string, string> };
  return play(service.publicUrl, { ...request, headers: sign(given, key, 'v4') });
}

test.each(MANAGE_CASES)('$request.method $request.path: $name', async ({ expect: expected, ...sent }) => {
  check(await playSigned(sent), expected);
});

test('a key sees and changes what it is for', async () => {
  const created = await service.admin('POST', '/api/v1/keys', { roles: ['read'], projects: ['default'] });
  const reader = (await created.json()) as TestKey;
  const list = await playSigned({ request: { method: 'GET', path: '/' }, host: 'log.example.com' }, reader);
  expect(JSON.parse(list.body.toString())).toMatchObject({ total: 1, projects: [{ projectName: 'default' }] });
  expect((await playSigned({ request: { method: 'GET', path: '/logstores/web' } }, reader)).status).toBe(200);
  for (const request of [
    { method: 'DELETE', path: '/logstores/web' },
    { method: 'POST', path: '/logstores', body: '{"logstoreName":"sneaky"}' },
    { method: 'POST', path: '/', body: '{"projectName":"sneaky"}' },
  ]) {
    const answer = await playSigned({ request }, reader);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ errorMessage: expect.stringMatching(/^denied by sts/) });
  }
});

test('the switch and the retention hold from the next request on, and over a restart', async () => {
  const put = (body: object) =>
    playSigned({ request: { method: 'PUT', path: '/logstores/web', body: JSON.stringify(body) } });
  const track = () =>
    play(service.publicUrl, {
      method: 'POST',
      path: '/logstores/web/track?APIVersion=0.6.0',
      headers: { host: 'default.log.example.com' },
      body: '{"__logs__":[{"a":"1"}]}',
    });
  expect((await track()).status).toBe(200);
  expect((await put({ enable_tracking: false, hot_ttl: 7 })).status).toBe(200);
  expect((await track()).status).toBe(401);

  expect(await service.stop()).toBe(0);
  service = await startService({ data: service.data, flags: ['--endpoint', 'log.example.com', '--store', 'none'] });
  expect((await track()).status).toBe(401);
  const read = await playSigned({ request: { method: 'GET', path: '/logstores/web' } });
  expect(JSON.parse(read.body.toString())).toMatchObject({ enable_tracking: false, hot_ttl: 7 });
  expect((await put({ enable_tracking: true })).status).toBe(200);
  expect((await track()).status).toBe(200);
});

test('publicApi off leaves the public listener to tracking, and the other one as it is', async () => {
  const closed = await startService({ flags: ['--public-api', 'off', '--store', 'none'] });
  const request = { method: 'GET', path: '/logstores' };
  const headers = sign({ ...request, host: 'default.log.example.com' }, closed.key, 'v4');
  expect((await play(closed.publicUrl, { ...request, headers })).status).toBe(404);
  expect((await play(closed.adminUrl, { ...request, headers })).status).toBe(200);
  expect(await closed.stop()).toBe(0);
  await removeData(closed.data);
});
