// Goal: a logstore with a quarantine loses no log for its neighbour's fault, and nobody can write to a quarantine but by faults.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMetric } from './support/metrics.js';
import { removeData, type Service, startService } from './support/service.js';

const LOGSTORES = '/api/v1/projects/default/logstores';
const TRACK = '/logstores/web/track?APIVersion=0.6.0';

let service: Service;

beforeAll(async () => {
  service = await startService({
    flags: ['--spool-segment-age-max', '50ms', '--non-string-values', 'refuse', '--quarantine-logs', '10'],
  });
  await turn(true);
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

async function turn(isOn: boolean): Promise<void> {
  const answer = await service.admin('PUT', `${LOGSTORES}/web`, { appendMeta: true, quarantine: { isOn } });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ quarantine: { isOn, ttlDays: 7 } });
}

function post(logs: unknown[], others: object = {}): Promise<Response> {
  const body = JSON.stringify({ ...others, __logs__: logs });
  return fetch(service.publicUrl + TRACK, { method: 'POST', body, headers: { origin: 'https://shop.test' } });
}

test('good logs of a batch are kept, bad ones wait with their reasons, and the answer says how many', async () => {
  const answer = await post([{ n: '1' }, { n: 2 }, { n: '3' }, 'four'], { __topic__: 't', __tags__: { v: '7' } });
  expect([answer.status, answer.headers.get('x-logboom-quarantined')]).toEqual([200, '2']);
  const clean = await post([{ n: '5' }]);
  expect([clean.status, clean.headers.get('x-logboom-quarantined')]).toEqual([200, null]);

  expect((await service.logs('web', { count: 3 })).map(({ n }) => n)).toEqual(['1', '3', '5']);
  const requestId = answer.headers.get('x-log-requestid') ?? '';
  const waiting = await service.logs('web.quarantine', { query: `request_id: ${requestId}`, count: 2 });
  const batch = { __topic__: 't', '__tag__:v': '7', '__tag__:__client_ip__': '127.0.0.1', origin: 'https://shop.test' };
  expect(waiting).toMatchObject([
    { ...batch, text: '{"n":2}', reason: 'ValueNotString', field: 'n', index: '1' },
    { ...batch, text: '"four"', reason: 'LogNotObject', index: '3' },
  ]);
});

test('an image is answered as ever, and its log waits', async () => {
  const answer = await fetch(`${service.publicUrl}/logstores/web/track.gif?APIVersion=0.6.0&%01=x`);
  expect([answer.status, answer.headers.get('x-logboom-quarantined')]).toEqual([200, '1']);
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
  const [log] = await service.logs('web.quarantine', { query: 'reason: KeyWithControl', count: 1 });
  expect(log).toMatchObject({ text: '{"\\u0001":"x"}', client: 'an image of a page' });
});

test('what is no batch at all is refused, and found among the refusals', async () => {
  for (const body of ['{"__logs__":[1', '{"__logs__":7}', '"text"']) {
    expect((await fetch(service.publicUrl + TRACK, { method: 'POST', body })).status).toBe(400);
  }
});

test('a quarantine is listed nowhere, and takes nothing that is sent to it', async () => {
  const { logstores } = (await (await service.admin('GET', LOGSTORES)).json()) as { logstores: { name: string }[] };
  expect(logstores.map(({ name }) => name)).toEqual(['web']);
  for (const [method, path] of [
    ['GET', `${LOGSTORES}/web.quarantine`],
    ['PUT', `${LOGSTORES}/web.quarantine`],
    ['DELETE', `${LOGSTORES}/web.quarantine`],
  ] as const) {
    expect((await service.admin(method, path, method === 'PUT' ? { webTracking: true } : undefined)).status).toBe(404);
  }
  const written = await fetch(`${service.publicUrl}/logstores/web.quarantine/track?APIVersion=0.6.0&a=b`);
  expect(written.status).toBe(404);
});

test('a flood of bad logs is refused once it is one, good batches are not, and it is counted', async () => {
  const metric = () => readMetric(service, METRIC);
  const before = await metric();
  let accepted = 0;
  while ((await post([{ n: 'good' }, 7])).status === 200) accepted += 1;
  expect(accepted).toBeLessThan(1000);
  expect((await post([{ n: 'good' }])).status).toBe(200);
  expect(await metric()).toBe(before + accepted);
}, 30_000);

const METRIC = 'logboom_quarantined_logs_total';

test('switched off, everything is as strict as before, and what waits still waits', async () => {
  await turn(false);
  expect((await post([{ n: 'good' }, 7])).status).toBe(400);
  expect(await service.logs('web.quarantine', { query: 'reason: KeyWithControl' })).toHaveLength(1);
});
