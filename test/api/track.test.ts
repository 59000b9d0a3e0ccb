// Goal: a started Logboom answers every case of the tracking API as documented, and stores exactly what it acknowledged.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { readMetric } from '../support/metrics.js';
import { removeData, type Service, startService } from '../support/service.js';
import { check, play } from './play.js';
import { TRACK_CASES } from './track-cases.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com'] });
  const created = await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'closed' });
  expect(created.status).toBe(201);
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

test.each(TRACK_CASES)('$name ($source)', async ({ request, expect: expected }) => {
  check(await play(service.publicUrl, request), expected);
});

test('what was acknowledged is found, each log once, and nothing else', async () => {
  const expected = TRACK_CASES.flatMap(({ stored = [] }) => stored);
  const logs = await service.logs('web', { count: expected.length });
  const found = logs.map(({ __time__, ...log }) => {
    expect(Number(__time__)).toBeGreaterThan(Date.now() / 1000 - 300);
    return log;
  });
  expect(counted(found)).toEqual(counted(expected));
});

test('the metrics show how far the clocks of clients are off', async () => {
  const bucket = (le: number) => readMetric(service, 'logboom_client_skew_seconds_bucket', `le="${le}"`);
  const [hourBefore, dayBefore] = [await bucket(3600), await bucket(86_400)];
  const twoHoursAgo = Date.now() - 2 * 3600 * 1000;
  const body = `{"__logs__":[{"skew":"1","__time__":${twoHoursAgo}}]}`;
  const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
  const answer = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  expect([await bucket(3600), await bucket(86_400)]).toEqual([hourBefore, dayBefore + 1]);
});
