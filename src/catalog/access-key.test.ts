// Goal: keys keep the roles and projects they were given, what stops being allowed stops at once, and nobody locks everybody out.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mayUse, type Role } from '../model/access-key.js';
import { frameLine } from '../model/checked-line.js';
import { DEFAULT_QUOTA, OPEN_RULES } from '../model/write-rules.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { type Catalog, openCatalog } from './writer.js';

const firstKey = { id: 'LBfirst', secret: 'first-secret' };
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
  return openCatalog({ dir, disk: realDisk, clock: systemClock, log: pino({ level: 'silent' }), firstKey });
}

const create = (id: string, roles: Role[], projects: string[] | null) =>
  catalog.execute({ do: 'createAccessKey', id, secret: 'a-long-secret', roles, projects });

test('the first key may do everything', () => {
  expect(catalog.view.accessKey('LBfirst')).toMatchObject({ roles: ['manage'], projects: null, isEnabled: true });
});

test('a key is as it was created, switched and deleted, also after opening again', async () => {
  await create('LBshop', ['read', 'write'], ['default']);
  await create('LBgone', ['write'], null);
  await catalog.execute({ do: 'switchAccessKey', id: 'LBshop', isEnabled: false });
  await catalog.execute({ do: 'deleteAccessKey', id: 'LBgone' });
  const keys = catalog.view.accessKeys();
  expect(keys.map(({ id, isEnabled }) => [id, isEnabled])).toEqual([
    ['LBfirst', true],
    ['LBshop', false],
  ]);
  await catalog.close();
  catalog = await open();
  expect(catalog.view.accessKeys()).toEqual(keys);
});

test('the last key that may manage everything can neither be disabled nor deleted', async () => {
  await create('LBshop', ['manage'], ['default']);
  await create('LBread', ['read', 'write'], null);
  for (const command of [
    { do: 'switchAccessKey', id: 'LBfirst', isEnabled: false },
    { do: 'deleteAccessKey', id: 'LBfirst' },
  ] as const) {
    await expect(catalog.execute(command)).rejects.toMatchObject({ code: 'ParameterInvalid' });
  }
  await create('LBsecond', ['manage'], null);
  await catalog.execute({ do: 'deleteAccessKey', id: 'LBfirst' });
  expect(catalog.view.accessKey('LBfirst')).toBeUndefined();
});

test.each([
  ['no role', create.bind(null, 'LBnone', [], null), 'ParameterInvalid'],
  ['a project that is not there', create.bind(null, 'LBnone', ['read'], ['nope']), 'ProjectNotExist'],
  ['an id that is taken', create.bind(null, 'LBfirst', ['read'], null), 'ParameterInvalid'],
])('a key is refused with %s', async (_what, attempt, code) => {
  await expect(attempt()).rejects.toMatchObject({ code });
});

test.each<[Role[], string[] | null, Role, string | undefined, boolean]>([
  [['manage'], null, 'read', 'shop', true],
  [['manage'], null, 'manage', undefined, true],
  [['write'], null, 'write', 'shop', true],
  [['write'], null, 'read', 'shop', false],
  [['write'], null, 'manage', 'shop', false],
  [['read', 'write'], ['shop'], 'write', 'shop', true],
  [['read', 'write'], ['shop'], 'write', 'app', false],
  [['manage'], ['shop'], 'manage', undefined, false],
])('a key for %j in %j may %s in %s: %s', (roles, projects, role, project, isAllowed) => {
  const key = { id: 'LBkey', secret: 'secret', roles, projects, isEnabled: true, createdAt: 0 };
  expect(mayUse(key, role, project)).toBe(isAllowed);
});

test('a catalog of the first version opens, and its things are what they were', async () => {
  await catalog.close();
  const events = [
    { event: 'project', project: { name: 'shop', description: '', createdAt: 7 } },
    {
      event: 'logstore',
      logstore: { id: 3, project: 'shop', name: 'web', webTracking: true, ttlDays: 9, appendMeta: false, createdAt: 8 },
    },
    {
      event: 'logstore',
      logstore: {
        ...{ id: 2, project: 'shop', name: 'app', webTracking: true, ttlDays: 9, appendMeta: false, createdAt: 8 },
        writeRules: { origins: OPEN_RULES.origins, clientAddress: 'none' },
      },
    },
    { event: 'accessKey', key: { id: 'LBold', secret: 'an-old-secret', createdAt: 9 } },
  ];
  const lines = events.map((event) => frameLine(Buffer.from(`"v":1,"nextId":4,"event":${JSON.stringify(event)}}\n`)));
  fs.writeFileSync(path.join(dir, 'catalog.ndjson'), Buffer.concat(lines));

  catalog = await open();
  const { view } = catalog;
  expect(view.project('shop')).toEqual({
    name: 'shop',
    description: '',
    createdAt: 7,
    updatedAt: 7,
    quota: DEFAULT_QUOTA,
  });
  expect(view.logstore('shop', 'web')).toMatchObject({
    id: 3,
    ttlDays: 9,
    maxBytes: 0,
    updatedAt: 8,
    extras: {},
    index: null,
    writeRules: OPEN_RULES,
    quarantine: null,
  });
  expect(view.logstore('shop', 'app')?.writeRules).toEqual({ ...OPEN_RULES, clientAddress: 'none' });
  expect(view.accessKey('LBold')).toMatchObject({ roles: ['manage'], projects: null, isEnabled: true });
});
