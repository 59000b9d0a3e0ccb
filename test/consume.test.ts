// Goal: whoever reads a shard from its begin to its end gets every acknowledged log once, in the order of acknowledgement,
// whatever happens to the service meanwhile.
import { describe, expect, test, vi } from 'vitest';
import { removeData, startService } from './support/service.js';
import { SlsClient } from './support/sls-client.js';

// Whole services are started and killed, beside whatever else the machine does.
vi.setConfig({ testTimeout: 60_000 });

const seconds = () => Math.floor(Date.now() / 1000);

function group(n: number, logCount = 1) {
  const logs = Array.from({ length: logCount }, (_, row) => ({ time: seconds(), contents: { n: `${n}.${row}` } }));
  return { logs, topic: `t${n}`, source: '192.0.2.1', tags: { app: 'shop' } };
}

/** The `n` of every log, in order. */
function numbers(groups: readonly { logs: readonly { contents: Readonly<Record<string, string>> }[] }[]): string[] {
  return groups.flatMap(({ logs }) => logs.map(({ contents }) => String(contents['n'])));
}

test('a consumer that goes on where it was sees every log once, though the service is killed again and again', async () => {
  let service = await startService();
  const { data } = service;
  const expected: string[] = [];
  const seen: string[] = [];
  let client = new SlsClient(service, 'web');
  let cursor = await client.cursor(0, 'begin');
  for (let round = 0, n = 0; round < 3; round++) {
    if (round > 0) {
      await service.kill();
      service = await startService({ data });
      client = new SlsClient(service, 'web');
    }
    for (let i = 0; i < 20; i++, n++) {
      await client.put(group(n, 3));
      expected.push(`${n}.0`, `${n}.1`, `${n}.2`);
      // In mid writing, and with the last round's logs still on their way to the store.
      if (i % 7 !== 0) continue;
      const pulled = await client.pull(0, cursor, '&count=4');
      seen.push(...numbers(pulled.groups));
      cursor = pulled.next;
    }
  }
  const end = await client.cursor(0, 'end');
  seen.push(...numbers(await client.readAll(0, cursor, end)));
  expect(seen).toEqual(expected);
  const again = await client.readAll(0, await client.cursor(0, 'begin'), end);
  expect(numbers(again)).toEqual(expected);
  expect(again[0]).toMatchObject({ topic: 't0', source: '192.0.2.1', tags: { app: 'shop' } });
  expect(await service.stop()).toBe(0);
  await removeData(data);
});

test('what several workers have acknowledged is in their shards, and stays there with fewer workers', async () => {
  const three = await startService({ flags: ['--workers', '3'] });
  await three.allWorkers();
  const client = new SlsClient(three, 'web');
  const begins = await Promise.all([0, 1, 2].map((shard) => client.cursor(shard, 'begin')));
  await Promise.all(Array.from({ length: 90 }, (_, n) => client.put(group(n))));
  const read = async (by: SlsClient) => {
    const ofShards = await Promise.all(
      begins.map(async (begin, shard) => by.readAll(shard, begin, await by.cursor(shard, 'end'))),
    );
    return ofShards.map(numbers);
  };
  const before = await read(client);
  expect(before.flat().sort()).toEqual(Array.from({ length: 90 }, (_, n) => `${n}.0`).sort());
  expect(await three.stop()).toBe(0);

  const one = await startService({ data: three.data });
  const later = new SlsClient(one, 'web');
  expect(await later.json('GET', '/shards')).toMatchObject([
    { shardID: 0, status: 'readwrite' },
    { shardID: 1, status: 'readonly' },
    { shardID: 2, status: 'readonly' },
  ]);
  expect(await read(later)).toEqual(before);
  expect(await one.stop()).toBe(0);
  await removeData(three.data);
});

describe('two consumers of a group', () => {
  interface Consumer {
    /** The `n` of every log it has read, by shard. */
    readonly seen: ReadonlyMap<number, readonly string[]>;
    /** Ends it in mid work, without a word to the service. */
    kill(): void;
    readonly ended: Promise<void>;
  }

  /** Does what consumer libraries do, in their order: heartbeat, checkpoint or begin, pull, save. */
  function startConsumer(client: SlsClient, name: string, groupName: string): Consumer {
    const seen = new Map<number, string[]>();
    const cursors = new Map<number, string>();
    let isKilled = false;
    const path = (query: string) => `/consumergroups/${groupName}?${query}&consumer=${name}`;

    async function begin(shard: number): Promise<string> {
      const [saved] = await client.json<{ checkpoint: string }[]>('GET', `/consumergroups/${groupName}?shard=${shard}`);
      return saved === undefined || saved.checkpoint === '' ? client.cursor(shard, 'begin') : saved.checkpoint;
    }

    async function run(): Promise<void> {
      while (!isKilled) {
        const given = await client.json<number[]>('POST', path('type=heartbeat'), [...cursors.keys()]);
        for (const shard of cursors.keys()) if (!given.includes(shard)) cursors.delete(shard);
        for (const shard of given) {
          const cursor = cursors.get(shard) ?? (await begin(shard));
          const pulled = await client.pull(shard, cursor, '&count=5');
          if (isKilled) return;
          seen.set(shard, [...(seen.get(shard) ?? []), ...numbers(pulled.groups)]);
          cursors.set(shard, pulled.next);
          const checkpoint = { shard, checkpoint: pulled.next };
          await client.json('POST', path('type=checkpoint&forceSuccess=false'), checkpoint);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }

    return {
      seen,
      kill: () => {
        isKilled = true;
      },
      ended: run(),
    };
  }

  test('share the shards, and what one held when it was killed is read by the other, in order', async () => {
    const service = await startService({ flags: ['--workers', '2'] });
    await service.allWorkers();
    const client = new SlsClient(service, 'web');
    await client.json('POST', '/consumergroups', { consumerGroup: 'workers', timeout: 5, order: false });
    const put = (from: number, count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => client.put(group(from + i))));
    await put(0, 60);
    const one = startConsumer(client, 'one', 'workers');
    const two = startConsumer(client, 'two', 'workers');
    const shardsOf = ({ seen }: Consumer) => [...seen.entries()].filter(([, logs]) => logs.length > 0).length;
    await expect.poll(() => Math.min(shardsOf(one), shardsOf(two)), { timeout: 30_000 }).toBeGreaterThan(0);
    one.kill();
    await one.ended;
    await put(60, 60);

    const found = () => new Set([one, two].flatMap(({ seen }) => [...seen.values()].flat()));
    await expect.poll(() => found().size, { timeout: 30_000 }).toBe(120);
    two.kill();
    await two.ended;
    // The kill comes between reading and saving at worst: the other one reads again from the last checkpoint.
    for (const shard of [0, 1]) {
      const logs = await client.readAll(shard, await client.cursor(shard, 'begin'), await client.cursor(shard, 'end'));
      const order = numbers(logs);
      for (const { seen } of [one, two]) {
        const read = seen.get(shard) ?? [];
        expect(read).toEqual(order.filter((n) => read.includes(n)));
      }
    }
    expect(await service.stop()).toBe(0);
    await removeData(service.data);
  });
});
