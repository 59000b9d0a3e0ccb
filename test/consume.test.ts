// Goal: whoever reads a shard from its begin to its end gets every acknowledged log once, in the order of acknowledgement,
// whatever happens to the service meanwhile.
import { expect, test, vi } from 'vitest';
import { removeData, type Service, startService } from './support/service.js';
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

async function allReady({ adminUrl }: Service): Promise<void> {
  await expect.poll(async () => (await fetch(`${adminUrl}/readyz`)).status, { timeout: 20_000 }).toBe(200);
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
  await allReady(three);
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
