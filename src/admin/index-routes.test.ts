// Goal: an index is set, read and taken away with a key, and one that is wrong is refused with the place of the mistake.
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
import { indexRoutes } from './index-routes.js';

const ADMIN = { id: 'LBadmin', secret: 'an-admin-secret' };
const READER = { id: 'LBreader', secret: 'a-reader-secret' };

let dir: string;
let catalog: Catalog;
let server: ReturnType<typeof testListener>;

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-index-'));
  const log = pino({ level: 'silent' });
  catalog = await openCatalog({ dir, disk: realDisk, clock: systemClock, log, firstKey: ADMIN });
  await catalog.execute({ do: 'createAccessKey', ...READER, roles: ['read'], projects: ['default'] });
  server = testListener({
    routes: indexRoutes({
      view: catalog.view,
      writer: catalog,
      authorize: createAuthorizer(catalog.view, systemClock),
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

async function ask(method: string, body?: unknown, key = ADMIN, logstore = 'web') {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/v1/projects/default/logstores/${logstore}/index`;
  const headers = { authorization: `Bearer ${key.id}:${key.secret}` };
  const response = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

test('an index is set, replaced, read and taken away', async () => {
  expect(await ask('GET')).toMatchObject({ status: 200, body: { config: null, updatedAt: null } });
  const first = { line: { token: [','] }, keys: { status: { type: 'long' } }, max_text_len: 4096 };
  expect(await ask('PUT', { ...first, storage: 'pg', lastModifyTime: 1 })).toMatchObject({ status: 200 });
  expect((await ask('GET', undefined, READER)).body).toMatchObject({ config: first, updatedAt: expect.any(Number) });
  const answer = await ask('PUT', { keys: { path: { type: 'text' } } });
  expect(answer.body.config).toEqual({ keys: { path: { type: 'text', token: answer.body.defaultToken } } });
  expect(await ask('DELETE')).toEqual({ status: 200, body: undefined });
  expect(catalog.view.logstore('default', 'web')?.index).toBeNull();
  expect(await ask('DELETE')).toMatchObject({ status: 400 });
});

test.each<[string, unknown, string]>([
  ['nothing', {}, 'line/keys'],
  ['another type', { keys: { 'a.b': { type: 'number' } } }, 'keys.a.b.type: '],
  ['no delimiters', { line: {} }, 'line.token: '],
  ['two lists', { line: { token: [], include_keys: ['a'], exclude_keys: ['b'] } }, 'exclude each other'],
])('%s is refused', async (_what, body, reason) => {
  const answer = await ask('PUT', body);
  expect(answer).toMatchObject({ status: 400, body: { errorCode: 'ParameterInvalid' } });
  expect(answer.body.errorMessage).toContain(reason);
});

test('who may only read changes nothing, and what is not there has no index', async () => {
  expect(await ask('PUT', { keys: {} }, READER)).toMatchObject({ status: 401 });
  expect(await ask('DELETE', undefined, READER)).toMatchObject({ status: 401 });
  expect(await ask('GET', undefined, ADMIN, 'nope')).toMatchObject({ status: 404 });
});
