// Goal: the admin API does what its key's owner asks, tells exactly what is wrong with a request, and does nothing
// for anyone without a key.
import * as fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testListener } from '../../test/support/test-listener.js';
import type { LogstoreInfo, ProjectInfo } from '../api/catalog.js';
import type { Status } from '../api/status.js';
import { type Catalog, openCatalog } from '../catalog/writer.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { createAuthorizer } from './authorize.js';
import { routes } from './routes.js';

const silent = pino({ level: 'silent' });
const key = { id: 'LBadmin', secret: 'an-admin-secret' };
const withKey = { authorization: `Bearer ${key.id}:${key.secret}` };

const status: Status = {
  version: '0.1.0',
  ready: true,
  reasons: [],
  node: null,
  uptimeSeconds: 12,
  shards: [],
  store: { kind: 'none' },
  disk: { freeBytes: 1, totalBytes: 2, floorBytes: 0 },
};

let dir: string;
let catalog: Catalog;
let server: ReturnType<typeof testListener>;
let base: string;

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-admin-'));
  catalog = await openCatalog({ dir, disk: realDisk, clock: systemClock, log: silent, firstKey: key });
  server = testListener({
    routes: routes({
      view: catalog.view,
      writer: catalog,
      authorize: createAuthorizer(catalog.view, systemClock),
      status: async () => status,
    }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await catalog.close();
  fs.rmSync(dir, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `body` is sent as it is if it is text, and as JSON otherwise. */
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = withKey,
): Promise<Answer> {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const response = await fetch(`${base}${path}`, { method, headers, body: text ?? null });
  const answered = await response.text();
  return { status: response.status, body: answered === '' ? undefined : JSON.parse(answered) };
}

test('the status is what the service says of itself', async () => {
  expect(await ask('GET', '/status')).toEqual({ status: 200, body: status });
});

test('a project lives from its creation to its deletion', async () => {
  const created = await ask('POST', '/projects', { name: 'shop', description: 'the web shop' });
  expect(created).toMatchObject({ status: 201, body: { name: 'shop', description: 'the web shop' } });
  expect(await ask('GET', '/projects/shop')).toEqual({ status: 200, body: created.body });
  const { body } = await ask('GET', '/projects');
  expect(body).toMatchObject({ projects: [{ name: 'default' }, { name: 'shop' }] satisfies Partial<ProjectInfo>[] });
  expect(await ask('DELETE', '/projects/shop')).toEqual({ status: 200, body: undefined });
  expect(await ask('GET', '/projects/shop')).toMatchObject({ status: 404, body: { errorCode: 'ProjectNotExist' } });
});

test('a logstore lives from its creation to its deletion', async () => {
  const at = '/projects/default/logstores';
  const created = await ask('POST', at, { name: 'app' });
  const { id } = created.body as LogstoreInfo;
  expect(created).toMatchObject({
    status: 201,
    body: { project: 'default', name: 'app', webTracking: false, ttlDays: 30, maxBytes: 0, appendMeta: false },
  });

  expect(await ask('PUT', `${at}/app`, { webTracking: true })).toMatchObject({
    status: 200,
    body: { webTracking: true, ttlDays: 30 },
  });
  await ask('PUT', `${at}/app`, { ttlDays: 7, maxBytes: 5_000_000_000 });

  expect(await ask('GET', `${at}/app`)).toMatchObject({
    status: 200,
    body: { id, webTracking: true, ttlDays: 7, maxBytes: 5_000_000_000 },
  });
  const { body } = await ask('GET', at);
  expect(body).toMatchObject({ logstores: [{ name: 'app' }, { name: 'web' }] });

  expect(await ask('DELETE', `${at}/app`)).toEqual({ status: 200, body: undefined });
});

test('the rules for writing to a logstore are open at first, and change one by one', async () => {
  const at = '/projects/default/logstores';
  const open = {
    origins: { mode: 'off', allowed: [], withoutOrigin: 'refuse' },
    quota: { requestsPerSecond: null, bytesPerSecond: null },
    clientAddress: 'whole',
    keysMax: 2000,
  };
  expect(await ask('POST', at, { name: 'ruled' })).toMatchObject({ status: 201, body: open });
  await ask('PUT', `${at}/ruled`, {
    origins: { allowed: ['https://Shop.test:443', 'shop.test', 'https://shop.test'] },
  });
  await ask('PUT', `${at}/ruled`, { origins: { mode: 'enforce' }, quota: { bytesPerSecond: 7 } });
  await ask('PUT', `${at}/ruled`, { clientAddress: 'none' });
  expect(await ask('GET', `${at}/ruled`)).toMatchObject({
    status: 200,
    body: {
      origins: { mode: 'enforce', allowed: ['https://shop.test', 'shop.test'], withoutOrigin: 'refuse' },
      quota: { requestsPerSecond: null, bytesPerSecond: 7 },
      clientAddress: 'none',
    },
  });
  const many = Array.from({ length: 2001 }, (_, n) => `https://${n}.test`);
  expect(await ask('PUT', `${at}/ruled`, { origins: { allowed: many.slice(1) } })).toMatchObject({ status: 200 });
  expect(await ask('PUT', `${at}/ruled`, { origins: { allowed: many } })).toMatchObject({ status: 400 });
  await ask('DELETE', `${at}/ruled`);
});

test('a deleted project takes its logstores along', async () => {
  await ask('POST', '/projects', { name: 'gone' });
  const ids: number[] = [];
  for (const name of ['one', 'two']) {
    ids.push(((await ask('POST', '/projects/gone/logstores', { name })).body as LogstoreInfo).id);
  }
  await ask('DELETE', '/projects/gone');
  expect(catalog.view.deadLogstores()).toEqual(expect.arrayContaining(ids));
});

describe('a request that is wrong is told why', () => {
  const logstores = '/projects/default/logstores';
  test.each([
    ['not JSON', 'POST', '/projects', '{"name":', 400, 'PostBodyInvalid', /JSON/],
    ['no object', 'POST', '/projects', '[]', 400, 'ParameterInvalid', /object/],
    ['no name', 'POST', '/projects', {}, 400, 'ParameterInvalid', /^name: /],
    ['a name of another type', 'POST', '/projects', { name: 7 }, 400, 'ParameterInvalid', /^name: .*string/],
    ['a field that is not known', 'POST', logstores, { name: 'app', ttl: 7 }, 400, 'ParameterInvalid', /"ttl"/],
    [
      'a field of the prototype',
      'POST',
      logstores,
      '{"name":"app","__proto__":{}}',
      400,
      'ParameterInvalid',
      /__proto__/,
    ],
    ['a switch as text', 'PUT', `${logstores}/web`, { webTracking: 'on' }, 400, 'ParameterInvalid', /^webTracking: /],
    [
      'two mistakes',
      'PUT',
      `${logstores}/web`,
      { webTracking: 1, ttlDays: '7' },
      400,
      'ParameterInvalid',
      /web.*; ttl/,
    ],
    ['retention out of range', 'PUT', `${logstores}/web`, { ttlDays: 0 }, 400, 'ParameterInvalid', /1 to 3650/],
    ['a bad name', 'POST', logstores, { name: '../../etc' }, 400, 'LogStoreInfoInvalid', /\.\.\/\.\.\/etc/],
    ['no origin', 'PUT', `${logstores}/web`, { origins: { allowed: ['*'] } }, 400, 'ParameterInvalid', /origin "\*"/],
    ['a quota below 0', 'PUT', `${logstores}/web`, { quota: { bytesPerSecond: -1 } }, 400, 'ParameterInvalid', /quota/],
    ['a taken name', 'POST', logstores, { name: 'web' }, 400, 'LogStoreAlreadyExist', /web/],
    ['an endless body', 'POST', '/projects', `"${'x'.repeat(1_100_000)}"`, 400, 'PostBodyInvalid', /JSON/],
    ['no such project', 'GET', '/projects/nope/logstores', undefined, 404, 'ProjectNotExist', /nope/],
    ['no such logstore', 'DELETE', `${logstores}/nope`, undefined, 404, 'LogStoreNotExist', /nope/],
    ['an encoded name', 'GET', '/projects/%2e%2e%2fx', undefined, 404, 'ProjectNotExist', /\.\.\/x/],
    ['no such path', 'GET', '/nope', undefined, 404, 'NotFound', /nope/],
    ['a method that is not there', 'PUT', '/projects', {}, 405, 'InvalidMethod', /projects/],
  ])('%s', async (_what, method, path, body, status, errorCode, errorMessage) => {
    const before = catalog.snapshot();
    const answer = await ask(method, path, body);
    expect(answer).toMatchObject({ status, body: { errorCode } });
    expect(answer.body).toMatchObject({ errorMessage: expect.stringMatching(errorMessage) });
    expect(catalog.snapshot()).toEqual(before);
  });
});

describe('without a valid key nothing is answered and nothing is done', () => {
  const paths: [string, string][] = [
    ['GET', '/status'],
    ['GET', '/projects'],
    ['GET', '/keys'],
    ['POST', '/keys'],
    ['PUT', '/keys/LBadmin'],
    ['DELETE', '/keys/LBadmin'],
    ['POST', '/projects'],
    ['GET', '/projects/default'],
    ['DELETE', '/projects/default'],
    ['GET', '/projects/default/logstores'],
    ['POST', '/projects/default/logstores'],
    ['GET', '/projects/default/logstores/web'],
    ['PUT', '/projects/default/logstores/web'],
    ['DELETE', '/projects/default/logstores/web'],
  ];
  test.each(paths)('%s %s', async (method, path) => {
    const before = catalog.snapshot();
    const body = method === 'POST' ? { name: 'sneaky' } : undefined;
    const expected = { status: 401, body: { errorCode: 'Unauthorized' } };
    expect(await ask(method, path, body, {})).toMatchObject(expected);
    expect(await ask(method, path, body, { authorization: `Bearer ${key.id}:wrong` })).toMatchObject(expected);
    expect(catalog.snapshot()).toEqual(before);
  });

  test.each([
    ['another scheme', `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`, /required/],
    ['no secret', `Bearer ${key.id}`, /required/],
    ['an empty secret', `Bearer ${key.id}:`, /required/],
    ['an unknown id', `Bearer LBnobody:${key.secret}`, /unauthorized/],
    ['half the secret', `Bearer ${key.id}:an-admin`, /unauthorized/],
    ['a name of the prototype', `Bearer constructor:${key.secret}`, /unauthorized/],
  ])('%s', async (_what, authorization, errorMessage) => {
    const answer = await ask('GET', '/status', undefined, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ errorMessage: expect.stringMatching(errorMessage) });
  });

  test('the scheme may be written in any case', async () => {
    expect((await ask('GET', '/status', undefined, { authorization: `bearer ${key.id}:${key.secret}` })).status).toBe(
      200,
    );
  });
});
