// Goal: data of an earlier state of the code are opened, whole; those of a later one are refused before anything is changed.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import type { ProjectInfo } from '../src/api/catalog.js';
import { removeData, startService } from './support/service.js';

/** Two projects, a log store each, and seven logs: three that the store had confirmed, four that it had not. */
const FIRST = path.join(import.meta.dirname, 'fixtures', 'data-0.1-first');

function copyOf(fixture: string): string {
  const data = mkdtempSync(path.join(tmpdir(), 'logboom-upgrade-'));
  cpSync(fixture, data, { recursive: true });
  return data;
}

test('catalog, keys and spool of the first state of the code', async () => {
  const data = copyOf(FIRST);
  const service = await startService({ data });
  const { projects } = (await (await service.admin('GET', '/api/v1/projects')).json()) as { projects: ProjectInfo[] };
  expect(projects.map(({ name }) => name).sort()).toEqual(['default', 'shop']);
  const orders = await (await service.admin('GET', '/api/v1/projects/shop/logstores/orders')).json();
  expect(orders).toMatchObject({ name: 'orders', webTracking: false, ttlDays: 90 });

  await fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0&n=8`);
  const logs = await service.logs('web', { count: 8 });
  expect(logs.map(({ n }) => Number(n)).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(logs.find(({ n }) => n === '4')).toMatchObject({ __topic__: 't', '__tag__:a': 'b' });
  expect(JSON.parse(readFileSync(path.join(data, 'format.json'), 'utf8'))).toMatchObject({ v: 1, format: 1 });
  expect(await service.stop()).toBe(0);
  await removeData(data);
});

test('of a version to come, which no version of today can read', async () => {
  const data = copyOf(FIRST);
  const later = JSON.stringify({ v: 1, format: 99, readableBy: 98, version: '9.0.0' });
  writeFileSync(path.join(data, 'format.json'), later);
  await expect(startService({ data, flags: ['--store', 'none'] })).rejects.toThrow(
    /was written by version 9\.0\.0.*start 9\.0\.0 or a later one, or restore a backup of before the upgrade/,
  );
  for (const file of ['catalog.ndjson', 'spool/1/000000000002.ndjson']) {
    expect(readFileSync(path.join(data, file)).equals(readFileSync(path.join(FIRST, file)))).toBe(true);
  }
  expect(readFileSync(path.join(data, 'format.json'), 'utf8')).toBe(later);
  await removeData(data);
});

test('left half restored', async () => {
  const data = copyOf(FIRST);
  writeFileSync(path.join(data, 'restore-unfinished'), '');
  await expect(startService({ data, flags: ['--store', 'none'] })).rejects.toThrow('has not finished');
  await removeData(data);
});
