// Goal: logs are read by SLS's APIs as its documents have it, by whoever holds a key for that.
import { uncompressSync } from 'lz4-napi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeLogGroup } from '../support/protobuf.js';
import { removeData, type Service, startService } from '../support/service.js';
import { sign, type TestKey } from '../support/sign.js';
import type { SignedCase } from './case.js';
import { type Answer, check, play } from './play.js';
import { READ_CASES, READ_GROUPS, T } from './read-cases.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com'] });
  for (const logGroup of READ_GROUPS) {
    const headers = { 'content-type': 'application/x-protobuf' };
    const path = '/logstores/web/shards/lb';
    const put = await playSigned({ request: { method: 'POST', path, headers, body: encodeLogGroup(logGroup) } });
    expect(put.status).toBe(200);
  }
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'plain' });
  const count = READ_GROUPS.reduce((sum, { logs }) => sum + logs.length, 0);
  await service.logs('web', { count });
  const keys = {
    n: { type: 'text' },
    path: { type: 'text', doc_value: true },
    键: { type: 'text' },
    p: { type: 'text' },
  };
  const index = JSON.stringify({ line: { token: [' ', '/'] }, keys });
  expect((await playSigned({ request: { method: 'POST', path: '/logstores/web/index', body: index } })).status).toBe(
    200,
  );
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

type Sent = Pick<SignedCase, 'request' | 'host'>;

function playSigned({ request, host = 'default.log.example.com' }: Sent, key: TestKey = service.key): Promise<Answer> {
  const path = request.path.replaceAll('{logstore}', 'web');
  const given = { ...request, path, host, headers: (request.headers ?? {}) as Record<string, string> };
  return play(service.publicUrl, { ...request, headers: sign(given, key, 'v4') });
}

test.each(READ_CASES)('$request.method $request.path: $name ($source)', async ({ expect: expected, ...sent }) => {
  check(await playSigned(sent), expected);
});

test('an answer in lz4 is one block with its size beside it', async () => {
  const body = JSON.stringify({ from: T, to: T + 60 });
  const ask = (encoding: string) =>
    playSigned({
      request: { method: 'POST', path: '/logstores/web/logs', body, headers: { 'accept-encoding': encoding } },
    });
  const { headers, body: block } = await ask('lz4');
  expect(headers).toMatchObject({ 'x-log-compresstype': 'lz4', 'content-type': 'application/json' });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(Number(headers['x-log-bodyrawsize']));
  const text = uncompressSync(Buffer.concat([size, block])).toString();
  expect(Buffer.byteLength(text)).toBe(Number(headers['x-log-bodyrawsize']));
  expect(JSON.parse(text)).toMatchObject({ meta: { count: 5 }, data: expect.any(Array) });
});

describe('the context of a log', () => {
  const found = async (path: string) =>
    JSON.parse((await playSigned({ request: { method: 'GET', path } })).body.toString());

  test('is its source, in the order of its packs', async () => {
    const query = encodeURIComponent('p:a.2|with_pack_meta');
    const [start] = await found(`/logstores/web?type=log&from=${T}&to=${T + 200}&query=${query}`);
    expect(start).toMatchObject({ p: 'a.2', __pack_meta__: expect.stringMatching(/\|3\|1$/) });
    const at = `/logstores/web?type=context_log&pack_id=F00-A-a&pack_meta=${encodeURIComponent(start.__pack_meta__)}`;

    const context = await found(`${at}&back_lines=2&forward_lines=100`);
    expect(context).toMatchObject({ progress: 'Complete', total_lines: 5, back_lines: 2, forward_lines: 2 });
    const logs: Record<string, string>[] = context.logs;
    expect(logs.map((log) => [log['__index_number__'], log['p']])).toEqual([
      ['-2', '9.2'],
      ['-1', 'a.1'],
      ['0', 'a.2'],
      ['1', 'a.3'],
      ['2', '10.1'],
    ]);
    expect(logs[2]).toEqual({ ...start, __index_number__: '0' });
    expect(logs[0]).toMatchObject({
      '__tag__:__pack_id__': 'F00-A-9',
      __pack_meta__: expect.stringMatching(/\|2\|1$/),
    });

    const before = await found(`${at}&back_lines=100`);
    expect(before).toMatchObject({ total_lines: 4, back_lines: 3, forward_lines: 0 });
  });
});

test('a key reads what it is for', async () => {
  const created = await service.admin('POST', '/api/v1/keys', { roles: ['write'], projects: ['default'] });
  const writer = (await created.json()) as TestKey;
  const range = `from=${T}&to=${T + 1}`;
  for (const [action, request] of [
    ['GetLogStoreLogs', { method: 'GET', path: `/logstores/web?type=log&${range}` }],
    ['GetLogStoreLogs', { method: 'POST', path: '/logstores/web/logs', body: '{}' }],
    ['GetLogStoreHistogram', { method: 'GET', path: `/logstores/web?type=histogram&${range}` }],
    ['GetLogStoreHistogram', { method: 'GET', path: `/logstores/web/index?type=histogram&${range}` }],
    ['GetLogStoreContextLogs', { method: 'GET', path: '/logstores/web?type=context_log' }],
    ['GetProjectLogs', { method: 'GET', path: '/logs?query=x' }],
    ['ListTopics', { method: 'GET', path: '/logstores/web?type=topic' }],
  ] as const) {
    const answer = await playSigned({ request }, writer);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      errorCode: 'Unauthorized',
      errorMessage: expect.stringContaining(`denied by sts or ram, action: log:${action},`),
    });
  }
});
