// Goal: an operator sees which fields come from which page and version, over all workers, and after a restart.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import type { SchemaInfo } from '../src/api/schema.js';
import { removeData, type Service, startService } from './support/service.js';

const COMMAND = path.resolve(import.meta.dirname, '../bin/logboom');
const WEB = '/api/v1/projects/default/logstores/web';
const FLAGS = ['--workers', '2', '--store', 'none'];

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

test('fields that two workers received are one schema, by HTTP and by command, before and after a restart', async () => {
  const service = await startService({ flags: FLAGS });
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
  expect((await logboom(service, 'schema', 'notices', 'web')).out).toContain('No notices');
  expect(await service.stop()).toBe(0);

  const again = await startService({ data: service.data, flags: FLAGS });
  const after = await readSchema(again);
  expect(after.since).toBe(before.since);
  expect(after.fields.map(({ name }) => name).sort()).toEqual(before.fields.map(({ name }) => name).sort());
  expect((await logboom(again, 'schema', 'forget', 'web', '--yes')).exitCode).toBe(0);
  expect(await readSchema(again)).toMatchObject({ since: null, fields: [] });
  expect(await again.stop()).toBe(0);
  await removeData(service.data);
});

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
