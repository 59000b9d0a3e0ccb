// Goal: a started Logboom answers every case of PutLogs as documented, and stores exactly what it acknowledged, at the times
// it was given.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { encodeLogGroup } from '../support/protobuf.js';
import { removeData, type Service, startService } from '../support/service.js';
import { sign } from '../support/sign.js';
import type { SignedCase } from './case.js';
import { type Answer, check, play } from './play.js';
import { NOW, PUT_LOGS_CASES } from './put-logs-cases.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com'] });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

type Sent = Pick<SignedCase, 'request' | 'scheme' | 'altered' | 'host'>;

function playSigned({
  request,
  scheme = 'hmac-sha1',
  altered,
  host = 'default.log.example.com',
}: Sent): Promise<Answer> {
  const path = request.path.replaceAll('{logstore}', 'web');
  const given = { ...request, path, host, headers: request.headers as Record<string, string> };
  const headers = { ...sign(given, service.key, scheme), ...altered };
  return play(service.publicUrl, { ...request, headers });
}

test.each(PUT_LOGS_CASES)('$name ($source)', async ({ expect: expected, ...sent }) => {
  check(await playSigned(sent), expected);
});

test('what was acknowledged is found, each log once, and nothing else', async () => {
  const expected = PUT_LOGS_CASES.flatMap(({ stored = [] }) => stored);
  expect(counted(await service.logs('web', { count: expected.length }))).toEqual(counted(expected));
});

test('logs have the times they came with', async () => {
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'timed', appendMeta: true });
  const times = [NOW - 604_000, NOW - 1, NOW + 600];
  const logs = times.map((time, n) => ({ time, nanoseconds: 123_456_789, contents: { n: String(n) } }));
  const body = encodeLogGroup({ logs });
  const headers = { 'content-type': 'application/x-protobuf', 'x-log-bodyrawsize': String(body.length) };
  const path = '/logstores/timed/shards/lb';
  expect((await playSigned({ request: { method: 'POST', path, headers, body } })).status).toBe(200);
  const found = await service.logs('timed', { count: 3 });
  expect(found.map((log) => [log['n'], log['__time__']])).toEqual(times.map((time, n) => [String(n), String(time)]));
  expect(found[0]).toMatchObject({ '__tag__:__client_ip__': '127.0.0.1' });
  expect(Number(found[0]?.['__tag__:__receive_time__'])).toBeGreaterThanOrEqual(NOW);
});

test('what was acknowledged before a kill is found after it, once, at its time', async () => {
  const logs = Array.from({ length: 50 }, (_, n) => ({ time: NOW - 86_400 + n, contents: { n: String(n) } }));
  const path = '/logstores/killed/shards/lb';
  const headers = { 'content-type': 'application/x-protobuf' };
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'killed' });
  for (let group = 0; group < 5; group++) {
    const body = encodeLogGroup({ logs: logs.slice(group * 10, group * 10 + 10) });
    expect((await playSigned({ request: { method: 'POST', path, headers, body } })).status).toBe(200);
  }
  await service.kill();
  service = await startService({ data: service.data, flags: ['--endpoint', 'log.example.com'] });
  const found = await service.logs('killed', { count: logs.length });
  expect(found.map((log) => [log['n'], log['__time__']])).toEqual(
    logs.map(({ time, contents }) => [contents.n, String(time)]),
  );
});
