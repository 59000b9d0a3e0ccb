// Goal: a custom domain stands for one project, is kept over restarts, bounded in number, and goes with its project.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DOMAINS_MAX } from '../model/domain.js';
import { realDisk } from '../platform/disk.js';
import { type Catalog, openCatalog } from './writer.js';

let dir: string;
let catalog: Catalog;

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-catalog-'));
  catalog = await open();
});

afterEach(async () => {
  await catalog.close();
  fs.rmSync(dir, { recursive: true });
});

function open(): Promise<Catalog> {
  const clock = { wallMs: () => 1_795_046_385_000, monotonicMs: () => 0 };
  return openCatalog({ dir, disk: realDisk, clock, log: pino({ level: 'silent' }) });
}

const add = (host: string, project = 'default') => ({ do: 'addDomain', host, project }) as const;
const hosts = () => [...catalog.view.domains().keys()];

test('it is kept over a restart, and deleted for good', async () => {
  await catalog.execute(add('track.example.com'));
  await catalog.execute(add('t.example.org'));
  await catalog.execute({ do: 'deleteDomain', host: 't.example.org' });
  await catalog.close();
  catalog = await open();
  expect([...catalog.view.domains()]).toEqual([
    ['track.example.com', { host: 'track.example.com', project: 'default', createdAt: 1_795_046_385 }],
  ]);
});

test('the map is another one after each change, and the same without', async () => {
  const before = catalog.view.domains();
  await catalog.execute({ do: 'createProject', name: 'shop', description: '' });
  expect(catalog.view.domains()).toBe(before);
  await catalog.execute(add('track.example.com'));
  expect(catalog.view.domains()).not.toBe(before);
  expect(before.size).toBe(0);
});

test('it goes with its project', async () => {
  await catalog.execute({ do: 'createProject', name: 'shop', description: '' });
  await catalog.execute(add('shop.example.com', 'shop'));
  await catalog.execute(add('track.example.com'));
  await catalog.execute({ do: 'deleteProject', name: 'shop' });
  expect(hosts()).toEqual(['track.example.com']);
});

test('another project cannot take it, and it may be given again to its own', async () => {
  await catalog.execute({ do: 'createProject', name: 'shop', description: '' });
  await catalog.execute(add('track.example.com'));
  await catalog.execute(add('track.example.com'));
  await expect(catalog.execute(add('track.example.com', 'shop'))).rejects.toMatchObject({ code: 'DomainAlreadyExist' });
  await expect(catalog.execute(add('t.example.com', 'nowhere'))).rejects.toMatchObject({ code: 'ProjectNotExist' });
  await expect(catalog.execute({ do: 'deleteDomain', host: 'x.com' })).rejects.toMatchObject({
    code: 'DomainNotExist',
  });
  expect(hosts()).toEqual(['track.example.com']);
});

test('one too many is refused', async () => {
  const full = Array.from({ length: DOMAINS_MAX }, (_, index) => `t${index}.example.com`);
  await Promise.all(full.map((host) => catalog.execute(add(host))));
  await expect(catalog.execute(add('more.example.com'))).rejects.toMatchObject({ code: 'ParameterInvalid' });
  await catalog.execute(add('t7.example.com'));
});
