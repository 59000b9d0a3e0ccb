// Goal: under a path of the operator's own a request is tracking like any other, in every form, and nowhere else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { play } from './api/play.js';
import { counted } from './support/logs.js';
import { readMetric } from './support/metrics.js';
import { removeData, type Service, startService } from './support/service.js';

const WEB = '/api/v1/projects/default/logstores/web';
const SHOP = '/api/v1/projects/shop/logstores';
const PLAIN = { __topic__: '', __source__: '127.0.0.1' };
const body = (n: string) => `{"__logs__":[{"n":"${n}"}]}`;

let service: Service;
const send = (method: string, path: string, headers: Record<string, string> = {}, text?: string) =>
  play(service.publicUrl, { method, path, headers, ...(text === undefined ? {} : { body: text }) });

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com', '--domains', 'www.shop.test=shop'] });
  await service.admin('POST', '/api/v1/projects', { name: 'shop' });
  const pathAliases = ['/collect', '/a/b.gif'];
  expect((await service.admin('PUT', WEB, { pathAliases })).status).toBe(200);
  const created = await service.admin('POST', SHOP, { name: 'pages', webTracking: true, pathAliases });
  expect(await created.json()).toMatchObject({ pathAliases });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

test('every form is answered as under our own paths, and stored', async () => {
  const json = { 'content-type': 'application/json' };
  expect((await send('POST', '/collect', json, body('post'))).status).toBe(200);
  expect((await send('POST', '/a/b.gif', { 'content-type': 'text/plain' }, body('beacon'))).status).toBe(200);
  const image = await send('GET', '/a/b.gif?n=image');
  expect(image.headers['content-type']).toBe('image/gif');
  const got = await send('GET', '/collect?n=get&APIVersion=0.6.0');
  expect([got.status, got.body.length, got.headers['cache-control']]).toEqual([200, 0, 'no-store']);
  expect((await send('POST', '/collect', { host: 'shop.log.example.com' }, body('endpoint'))).status).toBe(200);
  expect((await send('GET', '/collect?n=domain', { host: 'www.shop.test:8443' })).status).toBe(200);
  expect((await send('GET', '/collect?n=named', { 'x-log-project': 'shop' })).status).toBe(200);

  const logs = (project: string, logstore: string, count: number) => service.logs(logstore, { project, count });
  const named = (...names: string[]) => counted(names.map((n) => ({ ...PLAIN, n })));
  expect(counted(await logs('default', 'web', 4))).toEqual(named('post', 'beacon', 'image', 'get'));
  expect(counted(await logs('shop', 'pages', 3))).toEqual(named('endpoint', 'domain', 'named'));
});

test('a preflight is answered as everywhere', async () => {
  const asked = { origin: 'https://shop.test', 'access-control-request-headers': 'content-type' };
  const [ours, alias] = [
    await send('OPTIONS', '/logstores/web/track', asked),
    await send('OPTIONS', '/collect', asked),
  ];
  const steady = ({ headers }: typeof ours) => ({ ...headers, date: '', 'x-log-requestid': '', 'x-log-time': '' });
  expect(alias.status).toBe(200);
  expect(steady(alias)).toEqual(steady(ours));
});

test('what is refused is refused the same way, counted, and explained', async () => {
  const refused = await send('POST', '/collect', {}, '{"__logs__":[{"":"1"}]}');
  expect(refused.status).toBe(400);
  expect(await readMetric(service, 'logboom_rejects_total', 'InvalidKey')).toBe(1);
  const requestId = String(refused.headers['x-log-requestid']);
  const { refusals } = (await (await service.admin('GET', `/api/v1/refusals?requestId=${requestId}`)).json()) as {
    refusals: unknown[];
  };
  expect(refusals).toMatchObject([{ logstore: 'web', project: 'default' }]);

  expect((await send('GET', '/collect?APIVersion=7&n=1')).status).toBe(400);
  expect((await send('PUT', '/collect', {}, body('put'))).status).toBe(405);
  await service.admin('PUT', WEB, { webTracking: false });
  expect((await send('GET', '/collect?n=1')).status).toBe(401);
  await service.admin('PUT', WEB, { webTracking: true, origins: { mode: 'enforce', allowed: ['https://shop.test'] } });
  expect((await send('GET', '/collect?n=1', { origin: 'https://evil.test' })).status).toBe(401);
  await service.admin('PUT', WEB, { origins: { mode: 'off' } });
});

test.each(['/collect/', '/Collect', '/collect2', '/a', '/a/b.gif/x', '/%63ollect', '//collect'])(
  '%s is no alias',
  async (path) => {
    expect((await send('GET', `${path}?n=1`)).status).toBe(404);
  },
);

test('nor is an alias of one project one of another', async () => {
  expect((await send('GET', '/collect?n=1', { 'x-log-project': 'none' })).status).toBe(404);
  expect((await send('GET', '/collect?n=1', { host: 'no host' })).status).toBe(404);
  expect((await fetch(`${service.adminUrl}/collect?n=1`)).status).toBe(404);
});

describe('the list of a logstore', () => {
  const refusal = async (pathAliases: unknown) => {
    const response = await service.admin('POST', SHOP, { name: 'other', pathAliases });
    expect(response.status).toBe(400);
    return ((await response.json()) as { errorMessage: string }).errorMessage;
  };

  test('is checked, and says whose a path is', async () => {
    expect(await refusal(['/collect'])).toContain('path alias /collect belongs to logstore pages');
    expect(await refusal(['/logstores/x/track'])).toContain('begins as paths of the service itself do');
    expect(await refusal(['collect'])).toContain('is no path such as /collect');
    expect(await refusal(Array.from({ length: 17 }, (_, n) => `/${n}`))).toContain('at most 16');
    expect(await refusal('/collect')).toContain('pathAliases');
  });

  test('a path is free again when it was given up, or its logstore is gone', async () => {
    await service.admin('PUT', `${SHOP}/pages`, { pathAliases: ['/collect'] });
    expect((await send('GET', '/a/b.gif?n=1', { 'x-log-project': 'shop' })).status).toBe(404);
    expect((await service.admin('POST', SHOP, { name: 'other', pathAliases: ['/a/b.gif'] })).status).toBe(201);
    await service.admin('DELETE', `${SHOP}/other`);
    expect((await send('GET', '/a/b.gif?n=1', { 'x-log-project': 'shop' })).status).toBe(404);
    expect((await service.admin('PUT', `${SHOP}/pages`, { pathAliases: ['/a/b.gif'] })).status).toBe(200);
  });
});
