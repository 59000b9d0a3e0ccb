// Goal: several nodes in front of one store are one service. Whatever one takes or changes the others have, any of them answers
// anything, and one that dies takes nothing along but what only it could have answered.
import * as fs from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readEvents } from '../../cli/events.js';
import type { NodeList } from '../../src/api/nodes.js';
import type { FacetsAnswer } from '../../src/api/query.js';
import type { RefusalList } from '../../src/api/refusals.js';
import { removeData, type Service, startService } from '../support/service.js';
import { SlsClient } from '../support/sls-client.js';
import { StoreProcess } from '../support/store-process.js';

// Whole services are started and killed, beside whatever else the machine does.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 200 });

/** Our own store process on a port: an engine of today, with ClickHouse's HTTP interface. */
const store = new StoreProcess({ isOnPort: true });
/** Of all nodes. */
const key = { id: 'LBnodes', secret: 'the-secret-of-all-nodes' };
let database = 0;
let nodes: Service[];

beforeAll(() => store.start());
afterAll(() => store.remove());

beforeEach(() => {
  database++;
  nodes = [];
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await Promise.all(nodes.map((node) => removeData(node.data)));
});

const place = (url = store.url) => ['--store', 'cluster', '--store-urls', url, '--store-database', `nodes_${database}`];

async function start(name: string, workers = 1): Promise<Service> {
  const node = await startService({ key, flags: [...place(), '--node-name', name, '--workers', String(workers)] });
  nodes.push(node);
  await node.allWorkers();
  return node;
}

async function killNode(node: Service): Promise<void> {
  await node.kill();
  nodes = nodes.filter((other) => other !== node);
}

async function track(node: Service, text: string, logstore = 'web'): Promise<number> {
  const body = JSON.stringify({ __logs__: [{ text }] });
  const response = await fetch(`${node.publicUrl}/logstores/${logstore}/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) },
    body,
  });
  return response.status;
}

const clientOf = (node: Service) => new SlsClient(node, 'web');

function texts(groups: readonly { logs: readonly { contents: Readonly<Record<string, string>> }[] }[]): string[] {
  return groups.flatMap(({ logs }) => logs.map(({ contents }) => String(contents['text'])));
}

async function listNodes(node: Service) {
  const { nodes: list } = (await (await node.admin('GET', '/api/v1/nodes')).json()) as {
    nodes: readonly { name: string; state: string; shards: readonly number[] }[];
  };
  return list.map(({ name, state, shards }) => ({ name, state, shards }));
}

test('what one node takes is found, listed and consumed at any other', async () => {
  const a = await start('a', 2);
  const b = await start('b');
  for (let n = 0; n < 10; n++) expect(await track(n % 2 === 0 ? a : b, `text ${n}`)).toBe(200);
  const all = Array.from({ length: 10 }, (_, n) => `text ${n}`);
  await eventually(() => listNodes(a)).toEqual([
    { name: 'a', state: 'up', shards: [0, 1] },
    { name: 'b', state: 'up', shards: [64] },
  ]);
  for (const node of [a, b]) {
    const client = clientOf(node);
    await eventually(async () =>
      ((await client.json('GET', '/shards')) as { shardID: number; status: string }[]).map(({ shardID, status }) => [
        shardID,
        status,
      ]),
    ).toEqual([
      [0, 'readwrite'],
      [1, 'readwrite'],
      [64, 'readwrite'],
    ]);
    const read = await Promise.all(
      [0, 1, 64].map(async (shard) => {
        const begin = await client.cursor(shard, 'begin');
        const end = await client.cursor(shard, 'end');
        return texts(await client.readAll(shard, begin, end));
      }),
    );
    expect(read.flat().sort()).toEqual(all);
  }
});

test('what is changed at one node is in force at all within five seconds', async () => {
  const [a, b] = [await start('a'), await start('b')];
  expect(await track(b, 'x', 'app')).toBe(404);
  const created = await a.admin('POST', '/api/v1/projects/default/logstores', { name: 'app', webTracking: true });
  expect(created.status).toBe(201);
  await expect.poll(() => track(b, 'x', 'app'), { timeout: 30_000, interval: 100 }).toBe(200);
  await b.admin('PUT', '/api/v1/projects/default/logstores/app', { webTracking: false });
  await eventually(() => track(a, 'x', 'app')).toBe(401);
});

test('a node that dies is missed where only it could answer; sealed, its logs are read like all others', async () => {
  const [a, b] = [await start('a'), await start('b')];
  for (const text of ['1', '2', '3']) expect(await track(b, text)).toBe(200);
  const client = clientOf(a);
  await eventually(() => client.json('GET', '/shards')).toHaveLength(2);
  const begin = await client.cursor(64, 'begin');
  await eventually(async () => texts((await client.pull(64, begin)).groups)).toEqual(['1', '2', '3']);
  await killNode(b);

  expect(await track(a, 'still')).toBe(200);
  await eventually(async () => (await listNodes(a))[1]).toMatchObject({ name: 'b', state: 'unreachable' });
  await expect(client.pull(64, begin)).rejects.toThrow('ServerBusy');

  expect((await a.admin('POST', '/api/v1/nodes/b/seal')).status).toBe(200);
  await eventually(async () => texts((await client.pull(64, begin)).groups)).toEqual(['1', '2', '3']);
  expect(await client.json('GET', '/shards')).toMatchObject([
    { shardID: 0, status: 'readwrite' },
    { shardID: 64, status: 'readonly' },
  ]);
  await expect(startService({ key, data: b.data, flags: [...place(), '--node-name', 'b'] })).rejects.toThrow(/sealed/i);
  await removeData(b.data);
});

test('what was refused at one node is told at any, and a node that is out of reach is named', async () => {
  const [a, b] = [await start('a'), await start('b')];
  expect(await track(b, 'x', 'unknown')).toBe(404);
  const list = async () => (await (await a.admin('GET', '/api/v1/refusals')).json()) as RefusalList;
  await eventually(async () => (await list()).refusals.map(({ logstore }) => logstore)).toEqual(['unknown']);
  expect((await list()).missingNodes).toEqual([]);
  expect(await (await b.admin('GET', '/api/v1/status')).json()).toMatchObject({ node: 'b' });
  const { nodes: described } = (await (await a.admin('GET', '/api/v1/nodes')).json()) as NodeList;
  expect(described.map(({ load }) => load)).toEqual(Array(2).fill({ loadLagSeconds: 0, unloadedSegments: 0 }));
  await killNode(b);
  await eventually(async () => (await list()).missingNodes).toEqual(['b']);
  await removeData(b.data);
});

test('without a node, tails go on with the others, and answers say which shards they may not have all of', async () => {
  const [a, b] = [await start('a'), await start('b')];
  const logstore = '/api/v1/projects/default/logstores/web';
  await eventually(() => clientOf(a).json('GET', '/shards')).toHaveLength(2);
  const freshness = async () => {
    const asked = { from: 0, to: Math.ceil(Date.now() / 1000) + 60, fields: ['text'] };
    const answer = await a.admin('POST', `${logstore}/facets?freshness=on`, asked);
    return ((await answer.json()) as FacetsAnswer).meta.freshness;
  };
  await eventually(freshness).toEqual({ waitingGroups: 0, missingShards: [] });
  const tail = await a.admin('GET', `${logstore}/tail?sample=off`);
  const events = readEvents(tail.body as ReadableStream<Uint8Array>);
  const next = async (name: string): Promise<string> => {
    for (;;) {
      const { value } = await events.next();
      if (value === undefined) throw new Error('the tail ended');
      if (value.name === name) return value.data;
    }
  };
  await killNode(b);
  expect(JSON.parse(await next('missing'))).toEqual({ shards: [64] });
  expect(await freshness()).toEqual({ waitingGroups: 0, missingShards: [64] });
  expect(await track(a, 'still')).toBe(200);
  expect(await next('log')).toContain('still');

  const again = await startService({ key, data: b.data, flags: [...place(), '--node-name', 'b'] });
  nodes.push(again);
  expect(JSON.parse(await next('missing'))).toEqual({ shards: [] });
  expect(await track(again, 'back')).toBe(200);
  expect(await next('log')).toContain('back');
  await tail.body?.cancel().catch(() => undefined);
});

test('consumer groups are one over all nodes, and outlast the node that keeps them', async () => {
  const [a, b] = [await start('a'), await start('b')];
  const [atA, atB] = [clientOf(a), clientOf(b)];
  await eventually(() => atB.json('GET', '/shards')).toHaveLength(2);
  await atB.json('POST', '/consumergroups', { consumerGroup: 'readers', timeout: 60, order: false });
  await eventually(() => atA.json('GET', '/shards')).toHaveLength(2);
  const beat = (client: SlsClient, consumer: string, held: readonly number[]) =>
    client.json<number[]>('POST', `/consumergroups/readers?type=heartbeat&consumer=${consumer}`, held);
  let [one, two]: number[][] = [[], []];
  await eventually(async () => {
    one = await beat(atA, 'one', one ?? []);
    two = await beat(atB, 'two', two ?? []);
    return [one.length, two.length];
  }).toEqual([1, 1]);
  expect([...(one ?? []), ...(two ?? [])].sort((x, y) => x - y)).toEqual([0, 64]);

  expect(await track(b, 'x')).toBe(200);
  const cursor = await atB.cursor(64, 'begin');
  await atB.json('POST', '/consumergroups/readers?type=checkpoint&forceSuccess=true', {
    shard: 64,
    checkpoint: cursor,
  });
  await killNode(a);
  await expect(atB.json('GET', '/consumergroups/readers')).rejects.toThrow('ServerBusy');
  expect((await b.admin('POST', '/api/v1/nodes/a/seal')).status).toBe(200);
  await eventually(async () => {
    const saved = await atB.json<{ shard: number; checkpoint: string }[]>('GET', '/consumergroups/readers');
    return saved.find(({ shard }) => shard === 64)?.checkpoint;
  }).toBe(cursor);
  await removeData(a.data);
});

test('a node starts and takes logs while the store is away, and they arrive when it is back', async () => {
  const own = new StoreProcess({ isOnPort: true });
  await own.start();
  const options = { key, flags: [...place(own.url), '--node-name', 'c'] };
  let c = await startService(options);
  try {
    expect(await track(c, 'before')).toBe(200);
    await c.logs('web', { count: 1 });
    await c.kill();
    own.signal('SIGSTOP');
    c = await startService({ ...options, data: c.data });
    expect(await track(c, 'meanwhile')).toBe(200);
    own.signal('SIGCONT');
    expect((await c.logs('web', { count: 2 })).map(({ text }) => text)).toEqual(['before', 'meanwhile']);
  } finally {
    own.signal('SIGCONT');
    await c.stop();
    await removeData(c.data);
    await own.remove();
  }
});

test('of a node and a clone of it the one that started last goes on, and the other ends and does not start again', async () => {
  const a = await start('a');
  expect(await track(a, 'before')).toBe(200);
  const data = `${a.data}-clone`;
  // Of a cloned machine the locks hold nobody.
  await fs.cp(a.data, data, { recursive: true, filter: (file) => !/lock$|\.sock$/.test(file) });
  const clone = await startService({ key, data, flags: [...place(), '--node-name', 'a', '--workers', '1'] });
  nodes = [...nodes.filter((node) => node !== a), clone];
  await eventually(() => a.output()).toContain('another process goes on as node a');
  const answers = () =>
    fetch(`${a.publicUrl}/healthz`).then(
      () => true,
      () => false,
    );
  await eventually(answers).toBe(false);
  expect(await a.stop()).toBe(1);
  expect(await track(clone, 'after')).toBe(200);
  const again = startService({ key, data: a.data, flags: [...place(), '--node-name', 'a', '--workers', '1'] });
  await expect(again).rejects.toThrow(/is a copy of the data directory of node a/);
  await removeData(a.data);
});
