// Goal: shards are read by cursor and consumer groups are kept as SLS's documents have it, by whoever may read.
import { uncompressSync } from 'lz4-napi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeLogGroup, field } from '../support/protobuf.js';
import { removeData, type Service, startService } from '../support/service.js';
import { sign, type TestKey } from '../support/sign.js';
import { SlsClient } from '../support/sls-client.js';
import type { SignedCase } from './case.js';
import { consumeCases, LOG_GROUPS } from './consume-cases.js';
import { type Answer, check, play } from './play.js';

let service: Service;
let createdAt: number;

const FLAGS = ['--endpoint', 'log.example.com'];

beforeAll(async () => {
  service = await startService({ flags: FLAGS });
  const logstore = await (await service.admin('GET', '/api/v1/projects/default/logstores/web')).json();
  createdAt = (logstore as { createdAt: number }).createdAt;
  const client = new SlsClient(service, 'web');
  for (const group of LOG_GROUPS) await client.put(group);
  await service.logs('web', { count: LOG_GROUPS.length });
  await client.readAll(0, await client.cursor(0, 'begin'), await client.cursor(0, 'end'));
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

function playSigned({ request }: Pick<SignedCase, 'request'>, key: TestKey = service.key): Promise<Answer> {
  const headers = (request.headers ?? {}) as Record<string, string>;
  const given = { ...request, host: 'default.log.example.com', headers };
  return play(service.publicUrl, { ...request, headers: sign(given, key, 'v4') });
}

test('every case is answered as the documents have it', async () => {
  for (const { name, request, expect: expected } of consumeCases(createdAt)) {
    const answer = await playSigned({ request });
    try {
      check(answer, expected);
    } catch (error) {
      throw new Error(`${request.method} ${request.path}: ${name}`, { cause: error });
    }
  }
});

test('what is pulled comes in lz4 where that is asked for', async () => {
  const cursor = Buffer.from(`${createdAt}000000000`).toString('base64');
  const path = `/logstores/web/shards/0?type=logs&cursor=${cursor}`;
  const answer = await playSigned({ request: { method: 'GET', path, headers: { 'accept-encoding': 'lz4' } } });
  expect(answer.headers).toMatchObject({ 'x-log-compresstype': 'lz4', 'content-type': 'application/x-protobuf' });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(Number(answer.headers['x-log-bodyrawsize']));
  const expected = Buffer.concat(LOG_GROUPS.map((group) => field(1, encodeLogGroup(group))));
  expect(uncompressSync(Buffer.concat([size, answer.body]))).toEqual(expected);
});

test('whoever may read may consume, and delete no group', async () => {
  const readerOf = async (roles: readonly string[]) =>
    (await (await service.admin('POST', '/api/v1/keys', { roles, projects: ['default'] })).json()) as TestKey;
  const [reader, writer] = [await readerOf(['read']), await readerOf(['write'])];
  const cursor = { request: { method: 'GET', path: '/logstores/web/shards/0?type=cursor&from=begin' } };
  expect((await playSigned(cursor, reader)).status).toBe(200);
  expect((await playSigned(cursor, writer)).status).toBe(401);
  const group = { request: { method: 'DELETE', path: '/logstores/web/consumergroups/many-1' } };
  expect((await playSigned(group, reader)).status).toBe(401);
});

test('groups and checkpoints outlast a kill, and are gone with their logstore', async () => {
  const client = new SlsClient(service, 'web');
  await client.json('POST', '/consumergroups/many-1?type=checkpoint&forceSuccess=true', {
    shard: 0,
    checkpoint: await client.cursor(0, 'end'),
  });
  const before = await client.json<object[]>('GET', '/consumergroups/many-1');
  await service.kill();
  service = await startService({ data: service.data, flags: FLAGS });
  const again = new SlsClient(service, 'web');
  expect(await again.json('GET', '/consumergroups/many-1')).toEqual(before);
  expect(await again.json('GET', '/consumergroups')).toHaveLength(30);

  await service.admin('DELETE', '/api/v1/projects/default/logstores/web');
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'web' });
  expect(await again.json('GET', '/consumergroups')).toEqual([]);
  expect(await again.cursor(0, 'begin')).toBe(await again.cursor(0, 'end'));
});

test('without a store there is nothing to consume, and that is said', async () => {
  const bare = await startService({ flags: ['--store', 'none'] });
  const client = new SlsClient(bare, 'web');
  await expect(client.cursor(0, 'begin')).rejects.toThrow('NotSupported');
  expect(await client.json('GET', '/consumergroups')).toEqual([]);
  expect(await bare.stop()).toBe(0);
  await removeData(bare.data);
});
