// Goal: hosts become custom domains and cease to be, those of the configuration are shown and left alone, and what would
// mislead requests is refused with its reason.
import * as fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testListener } from '../../test/support/test-listener.js';
import { type Catalog, openCatalog } from '../catalog/writer.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { createAuthorizer } from './authorize.js';
import { domainRoutes } from './domain-routes.js';

const ALL = { id: 'LBadmin', secret: 'an-admin-secret' };
const OF_A_PROJECT = { id: 'LBproject', secret: 'a-project-secret' };

let dir: string;
let catalog: Catalog;
let server: ReturnType<typeof testListener>;

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-domains-'));
  const log = pino({ level: 'silent' });
  catalog = await openCatalog({ dir, disk: realDisk, clock: systemClock, log, firstKey: ALL });
  await catalog.execute({ do: 'createAccessKey', ...OF_A_PROJECT, roles: ['manage'], projects: ['default'] });
  await catalog.execute({ do: 'createProject', name: 'shop', description: '' });
  server = testListener({
    routes: domainRoutes({
      view: catalog.view,
      writer: catalog,
      authorize: createAuthorizer(catalog.view, systemClock),
      settings: { endpoints: ['log.example.com'], domains: [{ host: 'set.example.com', project: 'shop' }] },
    }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await catalog.close();
  fs.rmSync(dir, { recursive: true });
});

async function ask(method: string, host?: string, body?: unknown, key = ALL) {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/v1/domains${host === undefined ? '' : `/${encodeURIComponent(host)}`}`;
  const headers = { authorization: `Bearer ${key.id}:${key.secret}` };
  const response = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const SET = { host: 'set.example.com', project: 'shop', from: 'settings', createdAt: null };

test('a domain lives from its creation to its deletion, beside those of the configuration', async () => {
  const created = await ask('PUT', 'Track.Shop.Example.com', { project: 'shop' });
  expect(created).toMatchObject({
    status: 200,
    body: { host: 'track.shop.example.com', project: 'shop', from: 'catalog', createdAt: expect.any(Number) },
  });
  expect(await ask('GET')).toEqual({ status: 200, body: { domains: [SET, created.body] } });
  expect(await ask('DELETE', 'track.shop.example.com')).toEqual({ status: 200, body: undefined });
  expect(await ask('GET')).toEqual({ status: 200, body: { domains: [SET] } });
});

test.each<[string, string, unknown, string]>([
  ['an address', '127.0.0.1', { project: 'shop' }, 'no host name'],
  ['a URL', 'https://a.com/', { project: 'shop' }, 'no host name'],
  ['a host of the configuration', 'set.example.com', { project: 'default' }, 'setting "domains"'],
  ['the endpoint', 'log.example.com', { project: 'shop' }, 'belongs to the endpoint'],
  ['a name below the endpoint', 'x.log.example.com', { project: 'shop' }, 'belongs to the endpoint'],
  ['no project', 'a.com', {}, 'project'],
  ['a project that is not there', 'a.com', { project: 'nowhere' }, 'does not exist'],
])('%s is refused', async (_what, host, body, reason) => {
  const answer = await ask('PUT', host, body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.body.errorMessage).toContain(reason);
  expect(catalog.view.domains().size).toBe(0);
});

test('what is not there cannot be deleted, and what is set only in the configuration', async () => {
  expect(await ask('DELETE', 'a.com')).toMatchObject({ status: 404, body: { errorCode: 'DomainNotExist' } });
  expect(await ask('DELETE', 'set.example.com')).toMatchObject({
    status: 400,
    body: { errorCode: 'ParameterInvalid' },
  });
});

test('one that the configuration has taken over can still be deleted from the catalog', async () => {
  await catalog.execute({ do: 'addDomain', host: 'set.example.com', project: 'default' });
  expect(await ask('GET')).toEqual({ status: 200, body: { domains: [SET] } });
  expect(await ask('DELETE', 'set.example.com')).toEqual({ status: 200, body: undefined });
  expect(catalog.view.domains().size).toBe(0);
});

test('a key for some projects may not: hosts are of the whole service', async () => {
  expect(await ask('GET', undefined, undefined, OF_A_PROJECT)).toMatchObject({ status: 401 });
  expect(await ask('PUT', 'a.com', { project: 'default' }, OF_A_PROJECT)).toMatchObject({ status: 401 });
  expect(await ask('DELETE', 'a.com', undefined, OF_A_PROJECT)).toMatchObject({ status: 401 });
});
