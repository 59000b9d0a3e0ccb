// Goal: whoever uses @alicloud/log manages, writes and reads with it as with SLS; the SDK is what npm has, unmodified.
import Client from '@alicloud/log';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { resolveLocalNames } from '../support/names.js';
import { removeData, type Service, startService } from '../support/service.js';

let service: Service;
let client: Client;
let forget: () => void;

beforeAll(async () => {
  forget = resolveLocalNames();
  service = await startService({ flags: ['--endpoint', 'sls.localhost'] });
  client = new Client({ ...credentials(), endpoint: endpoint() });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
  forget();
});

function credentials() {
  return { accessKeyId: service.key.id, accessKeySecret: service.key.secret };
}

function endpoint(url = service.publicUrl): string {
  return `http://sls.localhost:${new URL(url).port}`;
}

/** What an error of the SDK says. */
const error = (code: string, message: string) => ({
  code,
  message,
  requestid: expect.stringMatching(/^[0-9A-F]{24}$/),
});

test('a project lives from its creation to its deletion', async () => {
  await client.createProject('sdk-project', { description: 'by the SDK' });
  expect(await client.getProject('sdk-project')).toMatchObject({
    projectName: 'sdk-project',
    description: 'by the SDK',
    status: 'Normal',
    createTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  });
  await expect(client.createProject('sdk-project', { description: '' })).rejects.toMatchObject(
    error('ProjectAlreadyExist', 'Project sdk-project already exist.'),
  );
  await client.deleteProject('sdk-project');
  await expect(client.getProject('sdk-project')).rejects.toMatchObject(
    error('ProjectNotExist', 'The Project does not exist : sdk-project.'),
  );
});

describe('a logstore', () => {
  test('lives from its creation to its deletion', async () => {
    await client.createLogStore('default', 'sdk-store', { ttl: 7, shardCount: 2 });
    expect(await client.getLogStore('default', 'sdk-store')).toMatchObject({
      logstoreName: 'sdk-store',
      ttl: 7,
      shardCount: 1,
      enable_tracking: false,
      appendMeta: false,
      autoSplit: false,
      maxSplitShard: 64,
      mode: 'standard',
    });
    await client.updateLogStore('default', 'sdk-store', { ttl: 9, shardCount: 2 });
    expect(await client.getLogStore('default', 'sdk-store')).toMatchObject({ ttl: 9, enable_tracking: false });
    await client.deleteLogStore('default', 'sdk-store');
    await expect(client.getLogStore('default', 'sdk-store')).rejects.toMatchObject(
      error('LogStoreNotExist', 'logstore sdk-store does not exist.'),
    );
  });

  test('is found in the list, page by page', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await client.createLogStore('default', name);
    expect(await client.listLogStore('default')).toEqual({
      count: 4,
      total: 4,
      logstores: ['page-1', 'page-2', 'page-3', 'web'],
    });
    expect(await client.listLogStore('default', { logstoreName: 'page', offset: 1, size: 1 })).toEqual({
      count: 1,
      total: 3,
      logstores: ['page-2'],
    });
    await expect(client.listLogStore('default', { size: 501 })).rejects.toMatchObject(
      error('ParameterInvalid', 'Invalid parameter size, (0,500].'),
    );
  });

  test('that cannot be is refused', async () => {
    await expect(client.createLogStore('default', '')).rejects.toMatchObject(
      error('LogStoreInfoInvalid', 'logstore name  is invalid'),
    );
    await expect(client.createLogStore('default', 'web')).rejects.toMatchObject(
      error('LogStoreAlreadyExist', 'logstore web already exists'),
    );
    await expect(client.createLogStore('default', 'long', { ttl: 3651 })).rejects.toMatchObject({
      code: 'LogStoreInfoInvalid',
    });
    await expect(client.createLogStore('nowhere', 'web')).rejects.toMatchObject(
      error('ProjectNotExist', 'The Project does not exist : nowhere.'),
    );
    await expect(client.deleteLogStore('default', '')).rejects.toMatchObject(
      error('InvalidMethod', 'invalid request method: /logstores/'),
    );
  });
});

test('an index lives from its creation to its deletion', async () => {
  const index = {
    line: { token: [',', ' '], caseSensitive: false },
    keys: { latency: { type: 'long', doc_value: true }, agent: { type: 'text', alias: 'browser' } },
    log_reduce_white_list: ['agent'],
  };
  await expect(client.getIndexConfig('default', 'web')).rejects.toMatchObject(
    error('IndexConfigNotExist', "index config doesn't exist."),
  );
  await client.createIndex('default', 'web', index);
  const created = await client.getIndexConfig('default', 'web');
  expect(created).toMatchObject({ ...index, ttl: 30, max_text_len: 2048, storage: 'pg' });
  expect(created['lastModifyTime']).toBeGreaterThan(1_700_000_000);
  await expect(client.createIndex('default', 'web', index)).rejects.toMatchObject(
    error('IndexAlreadyExist', 'Logstore index is already created.'),
  );
  await client.updateIndex('default', 'web', { ...created, keys: { status: { type: 'long' } } });
  expect((await client.getIndexConfig('default', 'web'))['keys']).toEqual({ status: { type: 'long' } });
  await client.deleteIndex('default', 'web');
  await expect(client.deleteIndex('default', 'web')).rejects.toMatchObject(
    error('ParameterInvalid', 'log store index is not created.'),
  );
});

describe('logs', () => {
  const now = Math.floor(Date.now() / 1000);

  test('are stored with their own times, topic, source and tags', async () => {
    await client.createLogStore('default', 'sdk-logs');
    await client.postLogStoreLogs('default', 'sdk-logs', {
      logs: [
        { timestamp: now - 3600, timestampNsPart: 123_456_789, content: { event: 'click', 名: '张三 "😀"\n' } },
        { timestamp: now - 60, content: { event: '' } },
      ],
      topic: 'sdk',
      source: '192.0.2.1',
      tags: [{ app: 'shop' }, { env: 'test' }],
    });
    const logs = await service.logs('sdk-logs', { count: 2 });
    const group = { __topic__: 'sdk', __source__: '192.0.2.1', '__tag__:app': 'shop', '__tag__:env': 'test' };
    expect(counted(logs)).toEqual(
      counted([
        { ...group, event: 'click', 名: '张三 "😀"\n' },
        { ...group, event: '' },
      ]),
    );
    expect(logs.map((log) => Math.floor(Number(log['__time__'])))).toEqual([now - 3600, now - 60]);
  });

  test('too old, without a time, or with a bad key are refused', async () => {
    const put = (timestamp: number, content: Record<string, string>) =>
      client.postLogStoreLogs('default', 'web', { logs: [{ timestamp, content }] });
    await expect(put(now - 8 * 86_400, { a: '1' })).rejects.toMatchObject(
      error('PostBodyInvalid', 'The post data time is out of range'),
    );
    await expect(put(0, { a: '1' })).rejects.toMatchObject(
      error('InvalidTimestamp', 'Invalid timestamps are in logs.'),
    );
    await expect(put(now, { '': '1' })).rejects.toMatchObject(error('InvalidKey', 'Invalid keys are in logs.'));
    await expect(put(now, {})).rejects.toMatchObject(error('PostBodyInvalid', 'Protobuffer content cannot be parsed.'));
    await expect(
      client.postLogStoreLogs('default', 'nope', { logs: [{ timestamp: now, content: { a: '1' } }] }),
    ).rejects.toMatchObject(error('LogStoreNotExist', 'logstore nope does not exist.'));
  });
});

describe('what was written is read', () => {
  const start = Math.floor(Date.now() / 60_000) * 60 - 3600;
  const at = (seconds: number) => new Date((start + seconds) * 1000);

  beforeAll(async () => {
    await client.createLogStore('default', 'sdk-read');
    await client.postLogStoreLogs('default', 'sdk-read', {
      logs: Array.from({ length: 250 }, (_, n) => ({
        timestamp: start + Math.floor(n / 10),
        ...(n % 2 === 0 ? {} : { timestampNsPart: n }),
        content: { n: String(n), 名: n % 50 === 0 ? '五十 "x"' : 'other' },
      })),
      topic: 'read',
      source: '192.0.2.9',
      tags: [{ app: 'shop' }],
    });
    await service.logs('sdk-read', { count: 250 });
  });

  test('page by page, in the order of time, either way', async () => {
    const read = async (reverse: boolean) => {
      const numbers: number[] = [];
      for (let offset = 0; ; offset += 100) {
        const logs = await client.getLogs('default', 'sdk-read', at(0), at(60), { line: 100, offset, reverse });
        numbers.push(...logs.map((log) => Number(log['n'])));
        if (logs.length < 100) return numbers;
      }
    };
    // Within a second first those without nanoseconds, as they arrived, then those with.
    const inOrder = Array.from({ length: 25 }, (_, second) =>
      [0, 2, 4, 6, 8, 1, 3, 5, 7, 9].map((n) => second * 10 + n),
    ).flat();
    expect(await read(false)).toEqual(inOrder);
    expect(await read(true)).toEqual(inOrder.toReversed());
  });

  test('as logs with all that belongs to them', async () => {
    const logs = await client.getLogs('default', 'sdk-read', at(0), at(10), {
      query: '名:五十 and n:50',
      topic: 'read',
    });
    expect(logs).toEqual([
      {
        __time__: String(start + 5),
        __topic__: 'read',
        __source__: '192.0.2.9',
        '__tag__:app': 'shop',
        n: '50',
        名: '五十 "x"',
      },
    ]);
    const [odd] = await client.getLogs('default', 'sdk-read', at(0), at(10), { query: 'n:51' });
    expect(odd).toMatchObject({ __time__: String(start + 5), __time_ns_part__: '51' });
    expect(await client.getLogs('default', 'sdk-read', at(0), at(10), { topic: 'none' })).toEqual([]);
  });

  test('as what SQL makes of them', async () => {
    const query = '名:other | SELECT count(*) AS logs, max(cast(n AS bigint)) AS last';
    expect(await client.getLogs('default', 'sdk-read', at(0), at(60), { query })).toEqual([
      { logs: '245', last: '249' },
    ]);
  });

  test('as counts over time', async () => {
    const buckets = await client.getHistograms('default', 'sdk-read', at(0), at(60), { query: '名:other' });
    expect(buckets.length).toBe(60);
    expect(buckets.slice(0, 2)).toEqual([
      { from: start, to: start + 1, count: 9, progress: 'Complete' },
      { from: start + 1, to: start + 2, count: 10, progress: 'Complete' },
    ]);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(245);
  });

  test('and what cannot be read is refused', async () => {
    const read = (data: object, to = at(60)) => client.getLogs('default', 'sdk-read', at(0), to, data);
    await expect(read({}, at(0))).rejects.toMatchObject(error('InvalidTimeRange', 'Request time range is invalid.'));
    await expect(read({ query: 'a and' })).rejects.toMatchObject({ code: 'ParameterInvalid' });
    await expect(client.getLogs('default', 'nope', at(0), at(1))).rejects.toMatchObject(
      error('LogStoreNotExist', 'logstore nope does not exist.'),
    );
    await expect(client.getHistograms('nowhere', 'web', at(0), at(1))).rejects.toMatchObject(
      error('ProjectNotExist', 'The Project does not exist : nowhere.'),
    );
  });
});

describe('keys', () => {
  test('a wrong secret and an unknown id are told', async () => {
    const wrong = new Client({ ...credentials(), accessKeySecret: 'wrong', endpoint: endpoint() });
    await expect(wrong.getProject('default')).rejects.toMatchObject({ code: 'SignatureNotMatch' });
    const unknown = new Client({ accessKeyId: 'LBnobody', accessKeySecret: 'wrong', endpoint: endpoint() });
    await expect(unknown.getProject('default')).rejects.toMatchObject(
      error('Unauthorized', 'AccessKeyId not found: LBnobody'),
    );
  });

  test('a token of temporary credentials is signed along and accepted', async () => {
    const temporary = new Client({ ...credentials(), securityToken: 'STS.token', endpoint: endpoint() });
    expect(await temporary.getProject('default')).toMatchObject({ projectName: 'default' });
  });

  test('a key has what it was made for', async () => {
    const created = await service.admin('POST', '/api/v1/keys', { roles: ['write'], projects: ['default'] });
    const { id, secret } = (await created.json()) as { id: string; secret: string };
    const writer = new Client({ accessKeyId: id, accessKeySecret: secret, endpoint: endpoint() });
    const logs = [{ timestamp: Math.floor(Date.now() / 1000), content: { by: 'writer' } }];
    await writer.postLogStoreLogs('default', 'sdk-logs', { logs });
    await expect(writer.getLogStore('default', 'sdk-logs')).rejects.toMatchObject({
      code: 'Unauthorized',
      message:
        'denied by sts or ram, action: log:GetLogStore, resource: acs:log:local:0:project/default/logstore/sdk-logs',
    });
    await service.admin('PUT', `/api/v1/keys/${id}`, { isEnabled: false });
    await expect(writer.postLogStoreLogs('default', 'sdk-logs', { logs })).rejects.toMatchObject(
      error('Unauthorized', `AccessKeyId is disabled: ${id}`),
    );
  });
});

test('the other listener has the same API', async () => {
  const admin = new Client({ ...credentials(), endpoint: endpoint(service.adminUrl) });
  expect(await admin.getProject('default')).toMatchObject({ projectName: 'default' });
});
