// Goal: a service in front of a server of others does what one with a store of its own does, and takes logs whatever becomes of that server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { removeData, type Service, startService } from '../support/service.js';
import { SlsClient } from '../support/sls-client.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 25_000, interval: 50 });

let server: TestServer;
/** Two addresses of it. */
let ways: readonly FaultyProxy[];
let service: Service;
/** Another node, which starts at the same moment. */
let other: Service;
/** Of both: the first one to come makes it known to the other. */
const key = { id: 'LBservice', secret: 'the-secret-of-both' };
const sent: string[] = [];

beforeAll(async () => {
  server = await openTestServer();
  ways = [new FaultyProxy(server), new FaultyProxy(server)];
  await Promise.all(ways.map((way) => way.open()));
  const flags = server.flags(ways.map(({ url }) => url));
  [service, other] = await Promise.all([
    startService({ key, flags: [...flags, '--workers', '2'] }),
    startService({ key, flags }),
  ]);
});

afterAll(async () => {
  await Promise.all([service.stop(), other.stop()]);
  await Promise.all(ways.map((way) => way.close()));
  await server.close();
  await Promise.all([service, other].map(({ data }) => removeData(data)));
});

async function track(text: string): Promise<void> {
  const body = JSON.stringify({ __logs__: [{ text }] });
  const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
  const response = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  sent.push(text);
}

async function everythingIsFound(): Promise<void> {
  const logs = await service.logs('web', { count: sent.length });
  expect(logs.map(({ text }) => text).sort()).toEqual([...sent].sort());
}

interface Status {
  readonly ready: boolean;
  readonly shards: readonly { readonly figures: { loadLagSeconds: number; unloadedSegments: number } }[];
  readonly store: {
    readonly state: string;
    readonly lastError: string | null;
    readonly servers: readonly { readonly url: string; readonly isUp: boolean; readonly error: string | null }[];
  };
}

const status = async () => (await (await service.admin('GET', '/api/v1/status')).json()) as Status;
const lag = async () => Math.max(...(await status()).shards.map(({ figures }) => figures.loadLagSeconds));

test('two that start at once on an empty server find one schema there', async () => {
  expect(await other.logs('web')).toEqual([]);
  expect(await service.logs('web')).toEqual([]);
  const numbers = (await server.run('SELECT DISTINCT number FROM migrations ORDER BY number')).trim().split('\n');
  expect(numbers).toEqual(numbers.map((_, i) => String(i + 1)));
});

test('logs that were sent are found, and the status names the servers', async () => {
  for (const text of ['a', 'b', 'c']) await track(text);
  await everythingIsFound();
  const { store } = await status();
  expect(store).toMatchObject({ kind: 'cluster', state: 'up', lastError: null });
  expect(store.servers.map(({ url }) => url)).toEqual(ways.map(({ url }) => url));
  const metrics = await (await fetch(`${service.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/^logboom_store_up 1$/m);
});

test('a consumer pulls every log group', async () => {
  const sls = new SlsClient(service, 'web');
  const pulled: string[] = [];
  // Which numbers they have is decided by which of the two was first.
  const shards = await sls.json<{ readonly shardID: number }[]>('GET', '/shards');
  expect(shards).toHaveLength(3);
  for (const { shardID } of shards) {
    const groups = await sls.readAll(shardID, await sls.cursor(shardID, 'begin'), await sls.cursor(shardID, 'end'));
    pulled.push(...groups.flatMap(({ logs }) => logs.map(({ contents }) => String(contents['text']))));
  }
  expect(pulled.sort()).toEqual([...sent].sort());
});

test('a field that an index declares gets a column, and is asked for by it', async () => {
  const index = { keys: { text: { type: 'text', token: [' '] } } };
  await new SlsClient(service, 'web').json('POST', '/index', index);
  const columns = "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'logs'";
  await eventually(() => server.run(columns)).toContain('f_text');
  await track('declared');
  await everythingIsFound();
  expect(await service.logs('web', { query: 'text: declared', count: 1 })).toHaveLength(1);
});

test('another way to the server is taken as soon as one is closed', async () => {
  for (const way of ways) {
    await way.close();
    await track(`without ${way.url}`);
    await everythingIsFound();
    await way.open();
  }
});

test('while it is away logs are taken, the cause is told, and all are there in the end', async () => {
  await Promise.all(ways.map((way) => way.close()));
  for (let i = 0; i < 20; i++) await track(`during ${i}`);
  await eventually(async () => (await status()).store).toMatchObject({
    state: 'down',
    lastError: expect.stringMatching(/ECONNREFUSED/),
    servers: [{ isUp: false }, { isUp: false }],
  });
  await eventually(lag).toBeGreaterThan(0);
  expect((await status()).ready).toBe(true);
  await Promise.all(ways.map((way) => way.open()));
  await everythingIsFound();
  await eventually(lag).toBe(0);
  expect((await status()).store).toMatchObject({ state: 'up', lastError: null });
});
