// Goal: an operator sees which fields come from which page and version, over all workers and restarts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import type { NoticeList, SchemaInfo } from '../src/api/schema.js';
import { removeData, type Service, startService } from './support/service.js';

const COMMAND = path.resolve(import.meta.dirname, '../bin/logboom');
const WEB = '/api/v1/projects/default/logstores/web';

async function track(service: Service, logs: readonly object[], origin: string): Promise<void> {
  const answer = await fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0`, {
    method: 'POST',
    headers: { origin, connection: 'close' },
    body: JSON.stringify({ __logs__: logs, __tags__: { channel: 'web' } }),
  });
  expect(answer.status).toBe(200);
}

async function readSchema(service: Service): Promise<SchemaInfo> {
  const answer = await service.admin('GET', `${WEB}/schema`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as SchemaInfo;
}

async function logboom(service: Service, ...args: string[]): Promise<{ exitCode: number; out: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--admin', service.adminUrl, '--data', service.data]);
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode: Number(exitCode), out };
}

test('fields that two workers received are one schema, by HTTP and by command, until it is forgotten', async () => {
  const service = await startService({ flags: ['--workers', '2', '--store', 'none'] });
  await service.allWorkers();
  expect((await readSchema(service)).fields).toEqual([]);
  await expect
    .poll(
      async () => {
        await Promise.all([
          track(service, [{ path: '/cart', price: '12', release: '3.2.0' }], 'https://shop.test'),
          track(service, [{ path: '/', ok: true }], 'https://blog.test'),
        ]);
        const { fields } = await readSchema(service);
        return fields.map(({ name, type }) => `${name}:${type}`).sort();
      },
      { timeout: 20_000 },
    )
    .toEqual(['__tag__:channel:text', 'ok:boolean', 'path:text', 'price:integer', 'release:text']);

  const before = await readSchema(service);
  const price = before.fields.find(({ name }) => name === 'price');
  expect(price?.origins).toEqual([{ name: 'https://shop.test', share: 1 }]);
  expect(price?.versions).toEqual([{ name: '3.2.0', share: 1 }]);
  const table = await logboom(service, 'schema', 'show', 'web');
  expect(table.exitCode).toBe(0);
  expect(table.out).toMatch(/^price +integer +\d+% .*3\.2\.0 .*https:\/\/shop\.test/m);
  expect((await logboom(service, 'schema', 'forget', 'web', '--yes')).exitCode).toBe(0);
  // The other worker may tell of what it saw before.
  expect((await readSchema(service)).since).not.toBe(before.since);
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
}, 60_000);

test('notices are for those who may know, of logstores that exist', async () => {
  const service = await startService({ flags: ['--store', 'none'] });
  for (const target of [`${WEB}/schema/notices`, '/api/v1/projects/default/schema/notices', '/api/v1/schema/notices']) {
    expect(await (await service.admin('GET', target)).json()).toEqual({ notices: [] });
    expect((await fetch(service.adminUrl + target)).status).toBe(401);
  }
  expect((await service.admin('GET', '/api/v1/projects/default/logstores/none/schema')).status).toBe(404);
  const answer = await service.admin('PUT', `${WEB}/schema/notices`, { isAcknowledged: true, ids: [1] });
  expect(await answer.json()).toEqual({ notices: [] });
  expect((await service.admin('PUT', `${WEB}/schema/notices`, { acknowledged: true })).status).toBe(400);
  expect(await (await fetch(`${service.adminUrl}/metrics`)).text()).toContain('logboom_schema_notices 0');
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

test('ids as keys go together into one field once there are too many, found as text, and known after a restart', async () => {
  const KEYS_MAX = 6;
  const flags = ['--workers', '2'];
  const service = await startService({ flags });
  await service.allWorkers();
  expect((await service.admin('PUT', WEB, { keysMax: 5001 })).status).toBe(400);
  const changed = await service.admin('PUT', WEB, { keysMax: KEYS_MAX });
  expect(await changed.json()).toMatchObject({ keysMax: KEYS_MAX });
  const send = (at: Service, n: number) =>
    n % 2 === 0
      ? track(at, [{ path: '/', [`id_${n}`]: `"${n}"` }], 'https://shop.test')
      : fetch(`${at.publicUrl}/logstores/web/track?APIVersion=0.6.0&path=/&id_${n}=%22${n}%22&__tag__:channel=web`, {
          headers: { connection: 'close' },
        });
  await Promise.all(Array.from({ length: 40 }, (_, n) => send(service, n)));
  const logs = await service.logs('web', { count: 40 });
  const whole = logs.map((log) => ({ ...log, ...(JSON.parse(log['__overflow__'] ?? '{}') as object) }));
  for (let n = 0; n < 40; n++) {
    expect(whole.filter((log) => new Map(Object.entries(log)).get(`id_${n}`) === `"${n}"`)).toHaveLength(1);
  }
  const keys = new Set(logs.flatMap((log) => Object.keys(log)).filter((key) => key.startsWith('id_')));
  expect(keys.size).toBeLessThanOrEqual(2 * KEYS_MAX); // until the workers have heard of each other
  expect((await service.logs('web', { query: '__overflow__:*' })).length).toBeGreaterThanOrEqual(40 - keys.size);

  await expect
    .poll(async () => (await readNotices(service)).map(({ kind, from }) => [kind, from]), { timeout: 20_000 })
    .toEqual([['keysOverCap', String(KEYS_MAX)]]);
  const metrics = await (await fetch(`${service.adminUrl}/metrics`)).text();
  expect(Number(/^logboom_over_cap_groups (\d+)$/m.exec(metrics)?.[1])).toBe(40 - keys.size);
  expect((await logboom(service, 'schema', 'notices')).out).toContain('go together into the field __overflow__');
  const acknowledged = await service.admin('PUT', `${WEB}/schema/notices`, { isAcknowledged: true, ids: [1] });
  expect(await acknowledged.json()).toMatchObject({ notices: [{ id: 1, isAcknowledged: true }] });
  const before = await readSchema(service);
  expect(await service.stop()).toBe(0);

  const again = await startService({ data: service.data, flags });
  expect(await readSchema(again)).toMatchObject({ keys: before.keys, keysMax: KEYS_MAX });
  await send(again, 41);
  expect((await again.logs('web', { query: '__overflow__:id_41', count: 1 }))[0]).not.toHaveProperty('id_41');
  const sql = "__overflow__:id_41 | SELECT json_extract_scalar(__overflow__, '$.id_41') AS id";
  expect(await again.logs('web', { query: sql })).toEqual([{ id: '"41"' }]);
  expect(await again.stop()).toBe(0);
  await removeData(service.data);
}, 60_000);

async function readNotices(service: Service): Promise<NoticeList['notices']> {
  const answer = await service.admin('GET', '/api/v1/schema/notices');
  return ((await answer.json()) as NoticeList).notices;
}
