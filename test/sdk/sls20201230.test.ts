// Goal: whoever uses @alicloud/sls20201230 manages, writes and reads with it as with SLS, with either of its signatures; the SDK is
// what npm has, unmodified.
import { $OpenApiUtil } from '@alicloud/openapi-core';
import sls, * as model from '@alicloud/sls20201230';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeLogGroupList } from '../support/log-group-list.js';
import { counted } from '../support/logs.js';
import { resolveLocalNames } from '../support/names.js';
import { encodeLogGroup } from '../support/protobuf.js';
import { removeData, type Service, startService } from '../support/service.js';

let service: Service;
let forget: () => void;

beforeAll(async () => {
  forget = resolveLocalNames();
  service = await startService({ flags: ['--endpoint', 'sls.localhost', '--workers', '2'] });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
  forget();
});

const { Config, OpenApiRequest, Params } = $OpenApiUtil;
/** Node makes of this CommonJS package an object that has the class; Vitest gives the class itself. */
const Client: typeof sls.default = 'default' in sls ? sls.default : (sls as never);

describe.each(['v1', 'v4'])('signed by %s', (signatureVersion) => {
  const project = `openapi-${signatureVersion}`;
  let client: InstanceType<typeof Client>;

  beforeAll(async () => {
    client = new Client(
      new Config({
        accessKeyId: service.key.id,
        accessKeySecret: service.key.secret,
        endpoint: `sls.localhost:${new URL(service.publicUrl).port}`,
        protocol: 'http',
        regionId: 'cn-hangzhou',
        signatureVersion,
      }),
    );
    await client.createProject(new model.CreateProjectRequest({ projectName: project, description: 'made' }));
  });

  afterAll(async () => {
    await client.deleteProject(project, new model.DeleteProjectRequest({}));
    await expect(client.getProject(project)).rejects.toMatchObject({ code: 'ProjectNotExist' });
  });

  test('a project is read, changed and listed', async () => {
    const { body } = await client.getProject(project);
    expect(body).toMatchObject({ projectName: project, description: 'made', status: 'Normal' });
    await client.updateProject(project, new model.UpdateProjectRequest({ description: 'changed' }));
    expect((await client.getProject(project)).body).toMatchObject({ description: 'changed' });

    const list = async (request: object) => (await client.listProject(new model.ListProjectRequest(request))).body;
    expect(await list({ projectName: project })).toMatchObject({
      count: 1,
      total: 1,
      projects: [{ projectName: project, createTime: expect.stringMatching(/^\d{10}$/) }],
    });
    expect(await list({ offset: 1, size: 1 })).toMatchObject({ count: 1, total: 2 });
    await expect(list({ size: 501 })).rejects.toMatchObject({ code: 'ParameterInvalid' });
    await expect(
      client.createProject(new model.CreateProjectRequest({ projectName: project, description: '' })),
    ).rejects.toMatchObject({ code: 'ProjectAlreadyExist' });
    await expect(
      client.createProject(new model.CreateProjectRequest({ projectName: 'No', description: '' })),
    ).rejects.toMatchObject({ code: 'ParameterInvalid' });
  });

  describe('a logstore', () => {
    const create = (logstoreName: string, more: object = {}) =>
      client.createLogStore(project, new model.CreateLogStoreRequest({ logstoreName, ttl: 7, shardCount: 2, ...more }));

    test('keeps what it is given', async () => {
      await create('kept', {
        enableTracking: true,
        appendMeta: true,
        hotTtl: 30,
        mode: 'query',
        telemetryType: 'None',
      });
      expect((await client.getLogStore(project, 'kept')).body).toMatchObject({
        logstoreName: 'kept',
        ttl: 7,
        shardCount: 2,
        enableTracking: true,
        appendMeta: true,
        hotTtl: 30,
        mode: 'query',
        telemetryType: 'None',
      });
      const change = new model.UpdateLogStoreRequest({ logstoreName: 'kept', ttl: 9, shardCount: 3 });
      await client.updateLogStore(project, 'kept', change);
      expect((await client.getLogStore(project, 'kept')).body).toMatchObject({
        ttl: 9,
        shardCount: 2,
        enableTracking: true,
      });
      const { body } = await client.listLogStores(project, new model.ListLogStoresRequest({ mode: 'query' }));
      expect(body).toMatchObject({ count: 1, total: 1, logstores: ['kept'] });
    });

    test('is written to by anyone exactly while web tracking is on', async () => {
      await create('switched', { enableTracking: true });
      const track = () =>
        client.putWebtracking(
          project,
          'switched',
          new model.PutWebtrackingRequest({ logs: [{ by: 'anyone' }], topic: 't', source: 's', tags: {} }),
        );
      const turn = (enableTracking: boolean) =>
        client.updateLogStore(
          project,
          'switched',
          new model.UpdateLogStoreRequest({ logstoreName: 'switched', ttl: 7, shardCount: 2, enableTracking }),
        );
      await track();
      await turn(false);
      await expect(track()).rejects.toMatchObject({ code: 'Unauthorized' });
      await turn(true);
      await track();
      await client.deleteLogStore(project, 'switched');
      await expect(track()).rejects.toMatchObject({ code: 'LogStoreNotExist' });
    });

    test('has a shard for each worker, with equal parts of the hash keys', async () => {
      await create('sharded');
      const { body } = await client.listShards(project, 'sharded');
      expect(body).toMatchObject([
        { shardID: 0, status: 'readwrite', inclusiveBeginKey: '0'.repeat(32), exclusiveEndKey: `8${'0'.repeat(31)}` },
        { shardID: 1, status: 'readwrite', inclusiveBeginKey: `8${'0'.repeat(31)}`, exclusiveEndKey: 'f'.repeat(32) },
      ]);
      const split = new model.SplitShardRequest({ key: `4${'0'.repeat(31)}` });
      await expect(client.splitShard(project, 'sharded', '0', split)).rejects.toMatchObject({ code: 'NotSupported' });
      await expect(client.mergeShard(project, 'sharded', '0')).rejects.toMatchObject({ code: 'NotSupported' });
      await expect(client.listShards(project, 'nope')).rejects.toMatchObject({ code: 'LogStoreNotExist' });
    });
  });

  test('an index is created, read, replaced and deleted', async () => {
    await client.createLogStore(
      project,
      new model.CreateLogStoreRequest({ logstoreName: 'indexed', ttl: 7, shardCount: 2 }),
    );
    const body = new model.Index({
      line: new model.IndexLine({ token: [',', ' '], caseSensitive: false, chn: true }),
      keys: { latency: new model.IndexKey({ type: 'long', docValue: true }) },
      maxTextLen: 4096,
    });
    await client.createIndex(project, 'indexed', new model.CreateIndexRequest({ body }));
    expect((await client.getIndex(project, 'indexed')).body).toMatchObject({
      line: { token: [',', ' '], caseSensitive: false, chn: true },
      keys: { latency: { type: 'long', docValue: true } },
      maxTextLen: 4096,
      storage: 'pg',
      ttl: 7,
    });
    const keys = { status: new model.IndexKey({ type: 'text', token: [' '] }) };
    await client.updateIndex(project, 'indexed', new model.UpdateIndexRequest({ body: new model.Index({ keys }) }));
    const { body: replaced } = await client.getIndex(project, 'indexed');
    expect(replaced?.line).toBeUndefined();
    expect(Object.keys(replaced?.keys ?? {})).toEqual(['status']);
    await client.deleteIndex(project, 'indexed');
    await expect(client.getIndex(project, 'indexed')).rejects.toMatchObject({ code: 'IndexConfigNotExist' });
    const nothing = new model.CreateIndexRequest({ body: new model.Index({ maxTextLen: 4096 }) });
    await expect(client.createIndex(project, 'indexed', nothing)).rejects.toMatchObject({ code: 'IndexInfoInvalid' });
  });

  /** PutLogs of this SDK does not encode what it is given; it sends bytes, compressed with lz4. */
  const put = (logstore: string, group: Buffer) =>
    client.execute(
      new Params({
        action: 'PutLogs',
        version: '2020-12-30',
        protocol: 'HTTP',
        pathname: `/logstores/${logstore}/shards/lb`,
        method: 'POST',
        authType: 'AK',
        style: 'ROA',
        reqBodyType: 'binary',
        bodyType: 'none',
      }),
      new OpenApiRequest({
        hostMap: { project },
        headers: { 'content-type': 'application/x-protobuf' },
        stream: undefined,
        body: group,
      }),
      {} as never,
    );

  describe('logs', () => {
    beforeEach(async () => {
      await client
        .createLogStore(project, new model.CreateLogStoreRequest({ logstoreName: 'written', ttl: 7, shardCount: 2 }))
        .catch(() => undefined); // it is there already
    });

    test('are stored once, as they are', async () => {
      const time = Math.floor(Date.now() / 1000) - 100;
      const logs = Array.from({ length: 100 }, (_, n) => ({
        time,
        nanoseconds: n,
        contents: { n: String(n), 名: '值' },
      }));
      await put('written', encodeLogGroup({ logs, topic: 't', source: '192.0.2.1', tags: { app: 'shop' } }));
      const found = await service.logs('written', { project, count: 100 });
      expect(counted(found)).toEqual(
        counted(
          logs.map(({ contents }) => ({ __topic__: 't', __source__: '192.0.2.1', '__tag__:app': 'shop', ...contents })),
        ),
      );
    });

    test('are read, in either form, and counted', async () => {
      const time = Math.floor(Date.now() / 60_000) * 60 - 600;
      const logs = Array.from({ length: 150 }, (_, n) => ({ time: time + (n % 3), contents: { n: String(n) } }));
      await client.createLogStore(
        project,
        new model.CreateLogStoreRequest({ logstoreName: 'read', ttl: 7, shardCount: 2 }),
      );
      await put('read', encodeLogGroup({ logs, topic: 't', source: '192.0.2.1', tags: { app: 'shop' } }));
      await service.logs('read', { project, count: 150 });
      const range = { from: time, to: time + 60 };

      const { body, headers } = await client.getLogs(project, 'read', new model.GetLogsRequest({ ...range, line: 2 }));
      const labels = { __time__: String(time), __topic__: 't', __source__: '192.0.2.1', '__tag__:app': 'shop' };
      expect(body).toEqual([
        { ...labels, n: '0' },
        { ...labels, n: '3' },
      ]);
      expect(headers).toMatchObject({ 'x-log-progress': 'Complete', 'x-log-count': '2', 'x-log-has-sql': 'false' });

      for (const acceptEncoding of ['', 'lz4', 'gzip']) {
        const asked = new model.GetLogsV2Request({
          ...range,
          query: 'n:7 or n:149',
          topic: 't',
          line: 10,
          reverse: true,
        });
        const answer = await client.getLogsV2WithOptions(
          project,
          'read',
          asked,
          new model.GetLogsV2Headers({ acceptEncoding }),
          {} as never,
        );
        expect(answer.headers?.['x-log-compresstype']).toBe(acceptEncoding === 'lz4' ? 'lz4' : undefined);
        expect(answer.body?.meta).toMatchObject({
          progress: 'Complete',
          count: 2,
          hasSQL: false,
          whereQuery: 'n:7 or n:149',
          isAccurate: true,
          limited: 0,
          keys: ['n'],
          terms: [
            { term: '7', key: 'n' },
            { term: '149', key: 'n' },
          ],
        });
        expect(answer.body?.meta?.processedRows).toBeGreaterThan(0);
        expect(answer.body?.data?.map((log) => log['n'])).toEqual(['149', '7']);
      }

      const histograms = await client.getHistograms(project, 'read', new model.GetHistogramsRequest(range));
      expect(histograms.body?.map(({ count }) => count).slice(0, 4)).toEqual([50, 50, 50, 0]);
      expect(histograms.headers).toMatchObject({ 'x-log-progress': 'Complete', 'x-log-count': '150' });
    });

    test('are analysed with SQL, and read with what is around them', async () => {
      const time = Math.floor(Date.now() / 1000) - 100;
      await client.createLogStore(
        project,
        new model.CreateLogStoreRequest({ logstoreName: 'packed', ttl: 7, shardCount: 2 }),
      );
      for (const pack of ['9', 'A']) {
        const logs = [1, 2].map((n) => ({ time, contents: { n: `${pack}.${n}`, size: String(n) } }));
        await put('packed', encodeLogGroup({ logs, tags: { __pack_id__: `F00-${pack}` } }));
      }
      await service.logs('packed', { project, count: 4 });
      const range = { from: time, to: time + 1 };

      const sql = '* | SELECT size, count(*) AS logs GROUP BY size ORDER BY size';
      const { body: analysed } = await client.getLogsV2(
        project,
        'packed',
        new model.GetLogsV2Request({ ...range, query: sql }),
      );
      expect(analysed?.meta).toMatchObject({ hasSQL: true, count: 2, keys: ['size', 'logs'], limited: 100 });
      expect(analysed?.data).toEqual([
        { size: '1', logs: '2' },
        { size: '2', logs: '2' },
      ]);

      const query = 'n:9.2|with_pack_meta';
      const { body: found } = await client.getLogs(project, 'packed', new model.GetLogsRequest({ ...range, query }));
      const { __pack_meta__: packMeta = '' } = (found as Record<string, string>[])[0] ?? {};
      const context = await client.getContextLogs(
        project,
        'packed',
        new model.GetContextLogsRequest({ packId: 'F00-9', packMeta, backLines: 10, forwardLines: 1 }),
      );
      expect(context.body).toMatchObject({ progress: 'Complete', totalLines: 3, backLines: 1, forwardLines: 1 });
      expect(context.body?.logs?.map((log) => log['n'])).toEqual(['9.1', '9.2', 'A.1']);
      await expect(
        client.getContextLogs(
          project,
          'packed',
          new model.GetContextLogsRequest({ packId: 'x', packMeta, backLines: 1 }),
        ),
      ).rejects.toMatchObject({ code: 'InvalidParameter' });
    });

    test('that are no log group are refused', async () => {
      await expect(put('written', Buffer.from('{"no":"protobuf"}'))).rejects.toMatchObject({ code: 'PostBodyInvalid' });
    });
  });

  describe('a consumer', () => {
    const logstore = 'consumed';

    /** PullLogs of this SDK takes the answer for JSON; what it is built of takes it as it is, and decompresses it. */
    const pull = async (cursor: string, count: number) => {
      const answer = await client.execute(
        new Params({
          action: 'PullLogs',
          version: '2020-12-30',
          protocol: 'HTTP',
          pathname: `/logstores/${logstore}/shards/${shard}?type=log`,
          method: 'GET',
          authType: 'AK',
          style: 'ROA',
          reqBodyType: 'none',
          bodyType: 'byte',
        }),
        new OpenApiRequest({
          hostMap: { project },
          headers: { accept: 'application/x-protobuf' },
          query: { cursor, count: String(count) },
        }),
        {} as never,
      );
      const { headers, body } = answer as { headers: Record<string, string>; body: Buffer };
      return { groups: decodeLogGroupList(Buffer.from(body)), next: String(headers['x-log-cursor']), headers };
    };
    const cursorOf = async (from: string) =>
      String((await client.getCursor(project, logstore, shard, new model.GetCursorRequest({ from }))).body?.cursor);
    let shard = '0';

    beforeAll(() => service.allWorkers());

    test('finds its place and reads on from it', async () => {
      await client.createLogStore(
        project,
        new model.CreateLogStoreRequest({ logstoreName: logstore, ttl: 7, shardCount: 2 }),
      );
      const time = Math.floor(Date.now() / 1000);
      const group = { logs: [{ time, contents: { n: '1' } }], topic: 't', source: 's', tags: { app: 'shop' } };
      await put(logstore, encodeLogGroup(group));
      // Whichever worker took it.
      const ends = [];
      for (shard of ['0', '1']) ends.push([await cursorOf('begin'), await cursorOf('end')]);
      shard = ends[0]?.[0] === ends[0]?.[1] ? '1' : '0';
      const [begin = '', end = ''] = ends[Number(shard)] ?? [];
      expect(end).not.toBe(begin);

      await expect.poll(async () => (await pull(begin, 10)).next, { timeout: 20_000 }).toBe(end);
      const { groups, headers } = await pull(begin, 10);
      expect(groups).toEqual([group]);
      expect(headers).toMatchObject({ 'x-log-count': '1' });
      expect(await pull(end, 10)).toMatchObject({ groups: [], next: end });

      const { body } = await client.getCursorTime(
        project,
        logstore,
        shard,
        new model.GetCursorTimeRequest({ cursor: begin }),
      );
      expect(Math.abs(Number(body?.cursorTime) - time)).toBeLessThan(600);
      await expect(cursorOf('nowhere')).rejects.toMatchObject({ code: 'ParameterInvalid' });
      await expect(
        client.getCursor(project, logstore, '7', new model.GetCursorRequest({ from: 'begin' })),
      ).rejects.toMatchObject({ code: 'ShardNotExist' });
    });

    test('has a group, from its making to its deletion', async () => {
      const create = () =>
        client.createConsumerGroup(
          project,
          logstore,
          new model.CreateConsumerGroupRequest({ consumerGroup: 'sdk-group', timeout: 30, order: true }),
        );
      await create();
      await expect(create()).rejects.toMatchObject({ code: 'ConsumerGroupAlreadyExist' });
      const change = new model.UpdateConsumerGroupRequest({ order: false, timeout: 60 });
      await client.updateConsumerGroup(project, logstore, 'sdk-group', change);
      expect((await client.listConsumerGroup(project, logstore)).body).toMatchObject([
        { name: 'sdk-group', timeout: 60, order: false },
      ]);

      const beat = async (consumer: string, body: number[]) =>
        (
          await client.consumerGroupHeartBeat(
            project,
            logstore,
            'sdk-group',
            new model.ConsumerGroupHeartBeatRequest({ consumer, body }),
          )
        ).body;
      expect(await beat('one', [])).toEqual([0, 1]);
      expect(await beat('two', [])).toEqual([]);
      expect(await beat('one', [0, 1])).toEqual([0]);
      expect(await beat('one', [0])).toEqual([0]);
      expect(await beat('two', [])).toEqual([1]);

      const checkpoint = await cursorOf('end');
      const save = (consumer: string, forceSuccess: boolean) =>
        client.consumerGroupUpdateCheckPoint(
          project,
          logstore,
          'sdk-group',
          new model.ConsumerGroupUpdateCheckPointRequest({ consumer, forceSuccess, shard: 1, checkpoint }),
        );
      await save('two', false);
      await expect(save('one', false)).rejects.toMatchObject({ code: 'ConsumerNotMatch' });
      await expect(save('nobody', false)).rejects.toMatchObject({ code: 'ConsumerNotExsit' });
      await save('one', true);
      const saved = await client.getCheckPoint(project, logstore, 'sdk-group', new model.GetCheckPointRequest({}));
      expect(saved.body).toMatchObject([
        { shard: 0, checkpoint: '', consumer: '' },
        { shard: 1, checkpoint, consumer: 'one' },
      ]);

      await client.deleteConsumerGroup(project, logstore, 'sdk-group');
      await expect(client.deleteConsumerGroup(project, logstore, 'sdk-group')).rejects.toMatchObject({
        code: 'ConsumerGroupNotExist',
      });
    });
  });

  test('a wrong secret is told', async () => {
    const wrong = new Client(
      new Config({
        accessKeyId: service.key.id,
        accessKeySecret: 'wrong',
        endpoint: `sls.localhost:${new URL(service.publicUrl).port}`,
        protocol: 'http',
        regionId: 'cn-hangzhou',
        signatureVersion,
      }),
    );
    await expect(wrong.getProject(project)).rejects.toMatchObject({ code: 'SignatureNotMatch' });
  });
});
