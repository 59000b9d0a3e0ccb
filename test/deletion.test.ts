// Goal: what a search finds is deleted for good, exactly, from the store and the spool, and nothing else is.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deletion, DeletionList, DeletionPreview } from '../src/api/deletions.js';
import { removeData, type Service, startService } from './support/service.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--workers', '2', '--spool-hold-age', '1s'] });
  await service.allWorkers();
});
afterAll(async () => {
  await service.stop();
  await removeData(service.data);
});

const ALL = { from: 0, to: 9_000_000_000 };

async function createLogstore(name: string): Promise<void> {
  const path = '/api/v1/projects/default/logstores';
  expect((await service.admin('POST', path, { name, webTracking: true })).status).toBe(201);
}

async function track(logstore: string, logs: readonly Record<string, string>[]): Promise<void> {
  const response = await fetch(`${service.publicUrl}/logstores/${logstore}/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': '1', connection: 'close' },
    body: JSON.stringify({ __logs__: logs }),
  });
  expect(response.status).toBe(200);
}

async function call<T>(method: string, logstore: string, rest: string, body?: unknown): Promise<[number, T]> {
  const response = await service.admin(method, `/api/v1/projects/default/logstores/${logstore}/deletions${rest}`, body);
  return [response.status, (await response.json()) as T];
}

async function finished(logstore: string, id: string): Promise<Deletion> {
  await expect
    .poll(async () => (await call<Deletion>('GET', logstore, `/${id}`))[1].state, { timeout: 60_000 })
    .toMatch(/done|failed/);
  return (await call<Deletion>('GET', logstore, `/${id}`))[1];
}

test('logs of one person are counted, shown, deleted and listed as deleted', async () => {
  await createLogstore('people');
  for (let i = 0; i < 20; i++)
    await track('people', [
      { user: `u${i % 4}`, i: `${i}` },
      { user: 'other', i: `${i}` },
    ]);
  await service.logs('people', { count: 40 });
  const request = { ...ALL, query: 'user: u1', reference: 'DSR-17' };

  const [, preview] = await call<DeletionPreview>('POST', 'people', '/preview', request);
  expect(preview.logs).toBe(5);
  expect(preview.samples.map(({ log }) => log['user'])).toEqual(Array(5).fill('u1'));

  const [status, created] = await call<Deletion>('POST', 'people', '', request);
  expect(status).toBe(201);
  expect(created).toMatchObject({ state: 'waiting', query: 'user: u1', logs: null, accessKeyId: service.key.id });
  const done = await finished('people', created.id);
  expect(done).toMatchObject({
    state: 'done',
    query: null,
    logs: 5,
    deletedLogs: 5,
    reference: 'DSR-17',
    problem: null,
  });
  expect(done.finishedAt).toBeGreaterThanOrEqual(done.createdAt);

  const left = await service.logs('people', { count: 35 });
  expect(left).toHaveLength(35);
  expect(left.filter(({ user }) => user === 'u1')).toEqual([]);
  const [, list] = await call<DeletionList>('GET', 'people', '');
  expect(list.deletions).toEqual([done]);
  expect(fs.readFileSync(path.join(service.data, 'deletions.json'), 'utf8')).not.toContain('u1');
}, 90_000);

test.each([
  ['no body', undefined, 400, 'PostBodyInvalid'],
  ['a body that is no request', { query: 1 }, 400, 'ParameterInvalid'],
  ['a field that is not known', { ...ALL, query: 'a', force: true }, 400, 'ParameterInvalid'],
  ['an empty search', { ...ALL, query: '' }, 400, 'ParameterInvalid'],
  ['a search for everything', { ...ALL, query: ' * ' }, 400, 'ParameterInvalid'],
  ['SQL behind the search', { ...ALL, query: 'a | SELECT 1' }, 400, 'ParameterInvalid'],
  ['a search that cannot be understood', { ...ALL, query: 'a and (' }, 400, 'ParameterInvalid'],
  ['a time range that is none', { query: 'a', from: 5, to: 5 }, 400, 'InvalidTimeRange'],
  ['a time before all times', { query: 'a', from: -1, to: 5 }, 400, 'ParameterInvalid'],
  ['a reference that is a letter', { ...ALL, query: 'a', reference: 'x'.repeat(201) }, 400, 'ParameterInvalid'],
])('%s is refused, counted or begun', async (_what, body, status, errorCode) => {
  for (const rest of ['/preview', '']) {
    const [answered, answer] = await call<{ errorCode: string }>('POST', 'web', rest, body);
    expect([answered, answer.errorCode]).toEqual([status, errorCode]);
  }
  expect((await call<DeletionList>('GET', 'web', ''))[1].deletions).toEqual([]);
});

test('what is not there is not found, and who may only read may not even count', async () => {
  expect((await call('GET', 'web', '/nothing'))[0]).toBe(404);
  expect((await call('DELETE', 'web', '/nothing'))[0]).toBe(404);
  expect((await call('POST', 'nowhere', '', { ...ALL, query: 'a' }))[0]).toBe(404);
  const made = await service.admin('POST', '/api/v1/keys', { roles: ['read', 'write'] });
  const reader = (await made.json()) as { id: string; secret: string };
  for (const [method, rest] of [
    ['POST', '/preview'],
    ['POST', ''],
    ['GET', ''],
    ['GET', '/x'],
    ['DELETE', '/x'],
  ] as const) {
    const path = `${service.adminUrl}/api/v1/projects/default/logstores/web/deletions${rest}`;
    const authorization = `Bearer ${reader.id}:${reader.secret}`;
    const body = method === 'POST' ? JSON.stringify({ ...ALL, query: 'a' }) : null;
    const answer = await fetch(path, { method, headers: { authorization }, body });
    expect([method, rest, answer.status]).toEqual([method, rest, 401]);
  }
});

test('a deletion means what was acknowledged before it, searchable or not, and nothing later', async () => {
  await createLogstore('flowing');
  for (let i = 0; i < 10; i++) await track('flowing', [{ user: i % 2 === 0 ? 'Ann' : 'Anna', i: `${i}` }]);
  const [, created] = await call<Deletion>('POST', 'flowing', '', { ...ALL, query: 'user: ann' });
  for (let i = 10; i < 14; i++) await track('flowing', [{ user: 'Ann', i: `${i}` }]);
  expect(await finished('flowing', created.id)).toMatchObject({ state: 'done', logs: 5 });
  const left = await service.logs('flowing', { count: 9 });
  expect(left.map(({ i }) => Number(i)).sort((a, b) => a - b)).toEqual([1, 3, 5, 7, 9, 10, 11, 12, 13]);
}, 60_000);

test('a search means what it meant in the preview, though the index is another one before the deletion is begun', async () => {
  await createLogstore('reindexed');
  const setIndex = async (caseSensitive: boolean) => {
    const index = { keys: { user: { type: 'text', token: [' '], caseSensitive } } };
    const answer = await service.admin('PUT', '/api/v1/projects/default/logstores/reindexed/index', index);
    expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
  };
  await setIndex(true);
  for (const user of ['ann', 'Ann', 'ANN']) await track('reindexed', [{ user }]);
  await service.logs('reindexed', { count: 3 });
  const request = { ...ALL, query: 'user: ann' };
  expect((await call<DeletionPreview>('POST', 'reindexed', '/preview', request))[1].logs).toBe(1);
  const [, created] = await call<Deletion>('POST', 'reindexed', '', request);
  await setIndex(false);
  expect(await finished('reindexed', created.id)).toMatchObject({ state: 'done', logs: 1 });
  expect((await service.logs('reindexed', { count: 2 })).map(({ user }) => user).sort()).toEqual(['ANN', 'Ann']);
}, 60_000);

test('everything can be deleted if that is said, and a waiting deletion can be cancelled', async () => {
  await createLogstore('emptied');
  for (let i = 0; i < 5; i++) await track('emptied', [{ i: `${i}` }]);
  const everything = { ...ALL, query: '', everything: true };
  const [, first] = await call<Deletion>('POST', 'emptied', '', everything);
  const [status, cancelled] = await call<Deletion>('DELETE', 'emptied', `/${first.id}`);
  expect([status, cancelled.state, cancelled.query]).toEqual([200, 'cancelled', null]);
  expect(await service.logs('emptied', { count: 5 })).toHaveLength(5);

  const [, second] = await call<Deletion>('POST', 'emptied', '', everything);
  expect(await finished('emptied', second.id)).toMatchObject({ state: 'done', logs: 5 });
  expect(await service.logs('emptied')).toEqual([]);
  const [late, refusal] = await call<{ errorCode: string }>('DELETE', 'emptied', `/${second.id}`);
  expect([late, refusal.errorCode]).toEqual([400, 'DeletionHasBegun']);
}, 60_000);
