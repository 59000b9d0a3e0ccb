// Goal: what one node does for all it does once, for logs of all nodes, and whichever node is asked.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Deletion, DeletionList } from '../../src/api/deletions.js';
import type { ReplayInfo, ReplayList } from '../../src/api/quarantine.js';
import { removeData, type Service, startService } from '../support/service.js';
import { StoreProcess } from '../support/store-process.js';

// Whole services are started and killed, beside whatever else the machine does.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 45_000, interval: 200 });
const LOGSTORES = '/api/v1/projects/default/logstores';
const EVERYONE = 'marker-of-a-person';

/** Our own store process on a port: an engine of today, with ClickHouse's HTTP interface. */
const store = new StoreProcess({ isOnPort: true });
/** Of both nodes. */
const key = { id: 'LBduties', secret: 'the-secret-of-both-nodes' };
let a: Service;
let b: Service;

beforeAll(async () => {
  await store.start();
  const start = (name: string) =>
    startService({
      key,
      flags: [
        ...['--store', 'cluster', '--store-urls', store.url, '--store-database', 'duties', '--node-name', name],
        ...['--spool-segment-age-max', '50ms', '--spool-hold-age', '1s', '--non-string-values', 'refuse'],
      ],
    });
  a = await start('a');
  b = await start('b');
});

afterAll(async () => {
  for (const node of [a, b]) {
    await node.stop();
    await removeData(node.data);
  }
  await store.remove();
});

async function ask<T>(node: Service, method: string, path: string, body?: unknown): Promise<[number, T]> {
  const answer = await node.admin(method, `${LOGSTORES}/web${path}`, body);
  return [answer.status, (await answer.json()) as T];
}

async function track(node: Service, logs: readonly unknown[]): Promise<void> {
  const url = `${node.publicUrl}/logstores/web/track?APIVersion=0.6.0`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ __logs__: logs }) });
  expect(answer.status, await answer.text()).toBe(200);
}

const numbers = async (node: Service, query: string, count: number) =>
  (await node.logs('web', { query, count })).map(({ n }) => Number(n)).sort((x, y) => x - y);

const ALL = { from: 0, to: 9_000_000_000 };

test('two nodes that are asked to replay the same logs at once replay each once', async () => {
  await a.admin('PUT', `${LOGSTORES}/web`, { quarantine: { isOn: true } });
  await eventually(async () => (await ask<{ quarantine: { isOn: boolean } }>(b, 'GET', ''))[1].quarantine.isOn).toBe(
    true,
  );
  for (let n = 0; n < 20; n++) await track(n % 2 === 0 ? a : b, [{ kind: 'late', n }]);
  await a.logs('web.quarantine', { count: 20 });
  const asked = { rule: [{ do: 'cast' }], query: '', from: 0, to: Math.ceil(Date.now() / 1000) + 60 };
  const started = await Promise.all([a, b].map((node) => ask<ReplayInfo>(node, 'POST', '/quarantine/replays', asked)));
  expect(started.map(([status]) => status).sort()).toEqual([201, 409]);
  for (const node of [a, b]) {
    await eventually(async () =>
      (await ask<ReplayList>(node, 'GET', '/quarantine/replays'))[1].replays.map(({ state, counts }) => [
        state,
        counts.stored,
      ]),
    ).toEqual([['done', 20]]);
  }
  expect(await numbers(b, 'kind: late', 20)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('a deletion means what any node has acknowledged before, is listed at all, and nobody keeps its search', async () => {
  for (let n = 0; n < 20; n++) await track(n % 2 === 0 ? a : b, [{ who: n % 4 < 2 ? EVERYONE : 'other', n: `${n}` }]);
  // Not all of them are in the store yet, as far as anybody knows.
  const [status, { id }] = await ask<Deletion>(b, 'POST', '/deletions', { ...ALL, query: `who: ${EVERYONE}` });
  expect(status).toBe(201);
  await track(a, [{ who: EVERYONE, n: '100' }]);
  await track(b, [{ who: EVERYONE, n: '101' }]);
  for (const node of [b, a]) {
    await eventually(async () => (await ask<Deletion>(node, 'GET', `/deletions/${id}`))[1]).toMatchObject({
      state: 'done',
      logs: 10,
      deletedLogs: 10,
      query: null,
    });
  }
  const left = Array.from({ length: 20 }, (_, n) => n).filter((n) => n % 4 >= 2);
  expect(await numbers(a, 'who: *', 12)).toEqual([...left, 100, 101]);
  // Older versions of a row included.
  expect(await store.run('SELECT * FROM duties.shared_rows')).not.toContain(EVERYONE);
});

test('a session of one node is one of the other, and what is none has to sign in', async () => {
  const signedIn = await fetch(`${a.adminUrl}/api/v1/session`, { method: 'POST', body: JSON.stringify(key) });
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
  const session = (sent: string) => fetch(`${b.adminUrl}/api/v1/session`, { headers: { cookie: sent } });
  const answer = await session(cookie);
  expect([answer.status, await answer.json()]).toMatchObject([200, { id: key.id }]);
  const unknown = await session(cookie.replace(/.{5}$/, 'AAAAA'));
  expect([unknown.status, await unknown.json()]).toMatchObject([401, { errorCode: 'Unauthorized' }]);
});

test('a deletion waits for a node that is out of reach, names it, and goes on when it is sealed', async () => {
  await track(b, [{ who: 'waiting', n: '1' }]);
  await a.logs('web', { query: 'who: waiting', count: 1 });
  const request = { ...ALL, query: 'who: waiting' };
  const [, { id }] = await ask<Deletion>(a, 'POST', '/deletions', request);
  await b.kill();
  expect((await ask(a, 'POST', '/deletions', request))[0]).toBe(503);
  await eventually(async () => (await ask<DeletionList>(a, 'GET', '/deletions'))[1].deletions[0]).toMatchObject({
    id,
    state: 'waiting',
    problem: 'The worker of spool/65 of node b does not answer.',
  });
  expect((await a.admin('POST', '/api/v1/nodes/b/seal')).status).toBe(200);
  await eventually(async () => (await ask<Deletion>(a, 'GET', `/deletions/${id}`))[1]).toMatchObject({
    state: 'done',
    logs: 1,
  });
});
