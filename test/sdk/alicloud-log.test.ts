// Goal: whoever uses @alicloud/log manages and writes with it as with SLS; the SDK is what npm has, unmodified.
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
