// Goal: a service in front of a server of others does what one with a store of its own does, and takes logs whatever becomes of that server.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { removeData, type Service, type ServiceOptions, startService } from '../support/service.js';
import { StoreProcess } from '../support/store-process.js';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 100 });

/** Our own store process on a port: an engine of today, with ClickHouse's HTTP interface. */
const server = new StoreProcess({ isOnPort: true });
const ways: FaultyProxy[] = [];
let database = 0;
let service: Service | undefined;

beforeAll(async () => {
  await server.start();
  ways.push(new FaultyProxy(server.port), new FaultyProxy(server.port));
  await Promise.all(ways.map((way) => way.open()));
});

afterEach(async () => {
  await service?.stop();
  if (service !== undefined) await removeData(service.data);
  service = undefined;
});

afterAll(async () => {
  await Promise.all(ways.map((way) => way.close()));
  await server.remove();
});

async function start(options: ServiceOptions = {}): Promise<Service> {
  const flags = ['--store', 'cluster', '--store-urls', ways.map(({ url }) => url).join(','), ...(options.flags ?? [])];
  service = await startService({ ...options, flags: [...flags, '--store-database', `service_${database}`] });
  return service;
}

async function track(texts: readonly string[]): Promise<number> {
  const body = JSON.stringify({ __logs__: texts.map((text) => ({ text })) });
  const response = await fetch(`${service?.publicUrl}/logstores/web/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) },
    body,
  });
  return response.status;
}

async function status() {
  const response = await service?.admin('GET', '/api/v1/status');
  const answer = (await response?.json()) as {
    ready: boolean;
    shards: readonly { figures: { loadLagSeconds: number; unloadedSegments: number } }[];
    store: {
      kind: string;
      state: string;
      lastError: string | null;
      servers: readonly { url: string; isUp: boolean }[];
    };
  };
  return answer;
}

const texts = async (count: number) => (await service?.logs('web', { count }))?.map(({ text }) => text).sort();

test('logs that were sent are found, and the status names the servers', async () => {
  database++;
  await start({ flags: ['--workers', '2'] });
  for (const text of ['a', 'b', 'c']) expect(await track([text])).toBe(200);
  expect(await texts(3)).toEqual(['a', 'b', 'c']);
  const { store } = await status();
  expect(store).toMatchObject({ kind: 'cluster', state: 'up', lastError: null });
  expect(store.servers.map(({ url }) => url)).toEqual(ways.map(({ url }) => url));
  const metrics = await (await fetch(`${service?.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/^logboom_store_up 1$/m);
});

test('services that start at once on an empty server all find the schema', async () => {
  database++;
  const flags = ['--store', 'cluster', '--store-urls', server.url, '--store-database', `service_${database}`];
  const services = await Promise.all([1, 2].map(() => startService({ flags: [...flags, '--workers', '2'] })));
  try {
    for (service of services) {
      expect(await track(['x'])).toBe(200);
      expect((await service.logs('web', { count: 1 })).length).toBeGreaterThanOrEqual(1);
    }
  } finally {
    await Promise.all(services.map((each) => each.stop()));
    await Promise.all(services.map((each) => removeData(each.data)));
    service = undefined;
  }
});

describe('while the server is away', () => {
  test('logs are taken, the cause is told, and all are there in the end, once', async () => {
    database++;
    await start();
    expect(await track(['before'])).toBe(200);
    expect(await texts(1)).toEqual(['before']);
    await server.end('SIGKILL');
    const during = Array.from({ length: 20 }, (_, i) => `during ${i}`);
    for (const text of during) expect(await track([text])).toBe(200);
    await eventually(async () => (await status()).store.lastError).toMatch(/ECONNREFUSED|ECONNRESET|socket hang up/);
    await eventually(async () => (await status()).store.state).toBe('down');
    await eventually(async () => (await status()).shards[0]?.figures.loadLagSeconds).toBeGreaterThan(0);
    expect((await status()).ready).toBe(true);
    await server.start();
    expect(await texts(21)).toEqual(['before', ...during].sort());
    await eventually(async () => (await status()).shards[0]?.figures.unloadedSegments).toBe(0);
    expect((await status()).store).toMatchObject({ state: 'up', lastError: null });
  });

  test('another way to it is taken as soon as one is closed', async () => {
    database++;
    await start();
    expect(await track(['one'])).toBe(200);
    expect(await texts(1)).toEqual(['one']);
    await ways[0]?.close();
    expect(await track(['two'])).toBe(200);
    expect(await texts(2)).toEqual(['one', 'two']);
    await ways[0]?.open();
    await ways[1]?.close();
    expect(await track(['three'])).toBe(200);
    expect(await texts(3)).toEqual(['one', 'three', 'two']);
    await ways[1]?.open();
  });
});
