// Goal: commands are followed one at a time and as a plain list of names would have it, over restarts too; a first
// start has all that a first log needs.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '../errors.js';
import { DEFAULT_QUOTA, OPEN_RULES } from '../model/write-rules.js';
import type { Clock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import type { CatalogCommand, CatalogEvent } from './catalog.js';
import { MemoryCatalog } from './view.js';
import { type Catalog, type CatalogOptions, openCatalog } from './writer.js';

const silent = pino({ level: 'silent' });
const clock: Clock = { wallMs: () => 1_795_046_385_123, monotonicMs: () => 0 };

let dir: string;
let opened: Catalog[];

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-catalog-'));
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((catalog) => catalog.close()));
  fs.rmSync(dir, { recursive: true });
});

async function open(firstKey?: CatalogOptions['firstKey']): Promise<Catalog> {
  const catalog = await openCatalog({ dir, disk: realDisk, clock, log: silent, firstKey });
  opened.push(catalog);
  return catalog;
}

const KEY = { roles: ['manage'], projects: null } as const;

const createLogstore = (name: string, more: Partial<CatalogCommand & { do: 'createLogstore' }> = {}) =>
  ({
    do: 'createLogstore',
    project: 'default',
    name,
    webTracking: true,
    ttlDays: 30,
    appendMeta: false,
    ...more,
  }) as const;

describe('a first start', () => {
  test('has a project, a logstore open to web tracking, and a key made up at random', async () => {
    const { view, newKey } = await open();
    expect(view.projects()).toEqual([
      { name: 'default', description: '', createdAt: 1_795_046_385, updatedAt: 1_795_046_385, quota: DEFAULT_QUOTA },
    ]);
    expect(view.logstores('default')).toEqual([
      {
        id: 1,
        project: 'default',
        name: 'web',
        webTracking: true,
        ttlDays: 30,
        maxBytes: 0,
        appendMeta: false,
        createdAt: 1_795_046_385,
        updatedAt: 1_795_046_385,
        extras: {},
        index: null,
        writeRules: OPEN_RULES,
        quarantine: null,
      },
    ]);
    expect(newKey?.id).toMatch(/^LB[A-Za-z0-9]{22}$/);
    expect(newKey?.secret).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(view.accessKey(newKey?.id ?? '')).toEqual(newKey);
    const { id, secret } = newKey ?? {};
    expect(JSON.parse(fs.readFileSync(path.join(dir, 'access-key'), 'utf8'))).toEqual({ id, secret });
  });

  test('takes the key that the operator has set', async () => {
    const { view, newKey } = await open({ id: 'LBmine', secret: 'my-own-secret' });
    expect(newKey).toMatchObject({ id: 'LBmine', secret: 'my-own-secret' });
    expect(view.accessKey('LBmine')?.secret).toBe('my-own-secret');
  });
});

describe('a later start', () => {
  test('adds nothing, not even what was deleted', async () => {
    const first = await open();
    await first.execute({ do: 'deleteProject', name: 'default' });
    await first.close();
    const second = await open();
    expect(second.newKey).toBeUndefined();
    expect(second.view.projects()).toEqual([]);
    expect(second.snapshot()).toEqual(first.snapshot());
  });

  test('adds a key that the operator has set since, beside the old one', async () => {
    const first = await open();
    await first.close();
    const { view, newKey } = await open({ id: 'LBnew', secret: 'new-secret' });
    expect(newKey?.id).toBe('LBnew');
    expect(view.accessKey(first.newKey?.id ?? '')).toEqual(first.newKey);
  });

  test('changes the secret of a key if the operator has changed it', async () => {
    await (await open({ id: 'LBkey', secret: 'old-secret' })).close();
    await (await open({ id: 'LBkey', secret: 'new-secret' })).close();
    const { view, newKey } = await open({ id: 'LBkey', secret: 'new-secret' });
    expect(view.accessKey('LBkey')?.secret).toBe('new-secret');
    expect(newKey).toBeUndefined();
  });
});

describe('a command that cannot be followed is refused and changes nothing', () => {
  test.each<[string, CatalogCommand, string]>([
    ['a project of a taken name', { do: 'createProject', name: 'default', description: '' }, 'ProjectAlreadyExist'],
    ['a project of a bad name', { do: 'createProject', name: '../etc', description: '' }, 'ParameterInvalid'],
    ['a long description', { do: 'createProject', name: 'shop', description: 'x'.repeat(1001) }, 'ParameterInvalid'],
    ['deleting no project', { do: 'deleteProject', name: 'shop' }, 'ProjectNotExist'],
    ['a logstore in no project', createLogstore('web', { project: 'shop' }), 'ProjectNotExist'],
    ['a logstore of a taken name', createLogstore('web'), 'LogStoreAlreadyExist'],
    ['a logstore of a bad name', createLogstore('__proto__'), 'LogStoreInfoInvalid'],
    ['no retention', createLogstore('app', { ttlDays: 0 }), 'ParameterInvalid'],
    ['retention for ever', createLogstore('app', { ttlDays: 3651 }), 'ParameterInvalid'],
    ['half a day of retention', createLogstore('app', { ttlDays: 0.5 }), 'ParameterInvalid'],
    ['a limit in the wrong unit', createLogstore('app', { maxBytes: 50 }), 'ParameterInvalid'],
    ['half a byte', createLogstore('app', { maxBytes: 2 ** 30 + 0.5 }), 'ParameterInvalid'],
    [
      'updating to a limit below nothing',
      { do: 'updateLogstore', project: 'default', name: 'web', maxBytes: -1 },
      'ParameterInvalid',
    ],
    [
      'updating to no retention',
      { do: 'updateLogstore', project: 'default', name: 'web', ttlDays: 0 },
      'ParameterInvalid',
    ],
    ['updating no logstore', { do: 'updateLogstore', project: 'default', name: 'app' }, 'LogStoreNotExist'],
    ['deleting no logstore', { do: 'deleteLogstore', project: 'default', name: 'app' }, 'LogStoreNotExist'],
    ['a key with a colon', { do: 'createAccessKey', id: 'LB:1', secret: 'long-enough', ...KEY }, 'ParameterInvalid'],
    ['a key twice', { do: 'createAccessKey', id: 'LBfirst', secret: 'long-enough', ...KEY }, 'ParameterInvalid'],
  ])('%s', async (_what, command, code) => {
    const catalog = await open({ id: 'LBfirst', secret: 'first-secret' });
    const before = catalog.snapshot();
    await expect(catalog.execute(command)).rejects.toMatchObject({ name: 'ApiError', code });
    expect(catalog.snapshot()).toEqual(before);
  });
});

test('an update changes what it names and keeps the rest', async () => {
  const { view, execute } = await open();
  await execute({ do: 'updateLogstore', project: 'default', name: 'web', ttlDays: 7 });
  expect(view.logstore('default', 'web')).toMatchObject({ id: 1, webTracking: true, ttlDays: 7, appendMeta: false });
  await execute({ do: 'updateLogstore', project: 'default', name: 'web', webTracking: false, maxBytes: 2 ** 40 });
  expect(view.logstoreById(1)).toMatchObject({ webTracking: false, ttlDays: 7, maxBytes: 2 ** 40 });
  await execute({ do: 'updateLogstore', project: 'default', name: 'web', ttlDays: 8 });
  expect(view.logstoreById(1)).toMatchObject({ ttlDays: 8, maxBytes: 2 ** 40 });
});

test('deleting a project deletes its logstores and stays in the memory of the dead', async () => {
  const { view, execute } = await open();
  await execute(createLogstore('app'));
  await execute({ do: 'deleteProject', name: 'default' });
  expect(view.logstore('default', 'web')).toBeUndefined();
  expect(view.logstoreById(2)).toBeUndefined();
  expect([...view.deadLogstores()].sort()).toEqual([1, 2]);
  await execute({ do: 'createProject', name: 'default', description: 'anew' });
  expect(view.logstores('default')).toEqual([]);
});

test('of two commands for the same name at once, one is refused', async () => {
  const { execute, view } = await open();
  const results = await Promise.allSettled([execute(createLogstore('app')), execute(createLogstore('app'))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(view.logstores('default')).toHaveLength(2);
});

test('a command is confirmed when every reader has heard of it, in order, and a reader that fails stops nobody', async () => {
  const catalog = await open();
  const heard: CatalogEvent[] = [];
  const replica = new MemoryCatalog();
  replica.apply(catalog.snapshot());
  const end = catalog.onEvents(async (events) => {
    await Promise.resolve();
    replica.apply(events);
    heard.push(...events);
  });
  catalog.onEvents(() => Promise.reject(new Error('a worker has died')));
  const done = await Promise.all([catalog.execute(createLogstore('one')), catalog.execute(createLogstore('two'))]);
  expect(heard).toEqual(done.flat());
  expect(replica.events()).toEqual(catalog.snapshot());
  end();
  await catalog.execute(createLogstore('three'));
  expect(heard).toHaveLength(2);
});

test('a closed catalog finishes what it was given and refuses the rest', async () => {
  const catalog = await open();
  const last = catalog.execute(createLogstore('last'));
  await catalog.close();
  await expect(last).resolves.toHaveLength(1);
  await expect(catalog.execute(createLogstore('late'))).rejects.toMatchObject({ code: 'ServerBusy' });
});

describe('random commands and restarts agree with a plain list', () => {
  const name = fc.constantFrom('aaa', 'bbb', 'ccc', 'X', '');
  const ttlDays = fc.constantFrom(1, 30, 3650, 0, 4000);
  const command: fc.Arbitrary<CatalogCommand> = fc.oneof(
    fc.record({ do: fc.constant('createProject' as const), name, description: fc.string() }),
    fc.record({ do: fc.constant('deleteProject' as const), name }),
    ...[1, 2].map(() =>
      fc.record({
        do: fc.constant('createLogstore' as const),
        project: name,
        name,
        webTracking: fc.boolean(),
        ttlDays,
        appendMeta: fc.boolean(),
      }),
    ),
    fc.record({ do: fc.constant('updateLogstore' as const), project: name, name, ttlDays }),
    fc.record({ do: fc.constant('deleteLogstore' as const), project: name, name }),
  );

  test('names, retention and ids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(command, { freq: 8, nil: 'restart' as const }), { maxLength: 40 }),
        async (steps) => {
          fs.rmSync(dir, { recursive: true });
          const model = new PlainList();
          let catalog = await open();
          for (const step of steps) {
            if (step === 'restart') {
              await catalog.close();
              catalog = await open();
            } else {
              const isDone = await catalog.execute(step).then(
                () => true,
                (error: unknown) => {
                  if (error instanceof ApiError) return false;
                  throw error;
                },
              );
              expect(isDone, JSON.stringify(step)).toBe(model.follow(step));
            }
            model.compare(catalog);
          }
          await catalog.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** The catalog as a child would keep it: a list of projects, a list of logstores, and the ids that were ever given out. */
class PlainList {
  projects = ['default'];
  logstores = [{ id: 1, project: 'default', name: 'web', ttlDays: 30 }];
  ids = [1];

  /** Whether the command can be followed. */
  follow(command: CatalogCommand): boolean {
    switch (command.do) {
      case 'createProject':
        if (!isName(command.name) || this.projects.includes(command.name)) return false;
        this.projects.push(command.name);
        return true;
      case 'deleteProject':
        if (!this.projects.includes(command.name)) return false;
        this.projects = this.projects.filter((project) => project !== command.name);
        this.logstores = this.logstores.filter(({ project }) => project !== command.name);
        return true;
      case 'createLogstore': {
        const { project, name, ttlDays } = command;
        if (!this.projects.includes(project) || !isName(name) || !isTtl(ttlDays) || this.find(project, name))
          return false;
        const id = Math.max(...this.ids) + 1;
        this.ids.push(id);
        this.logstores.push({ id, project, name, ttlDays });
        return true;
      }
      case 'updateLogstore': {
        const found = this.find(command.project, command.name);
        if (found === undefined || !isTtl(command.ttlDays ?? 1)) return false;
        found.ttlDays = command.ttlDays ?? found.ttlDays;
        return true;
      }
      case 'deleteLogstore': {
        const found = this.find(command.project, command.name);
        this.logstores = this.logstores.filter((logstore) => logstore !== found);
        return found !== undefined;
      }
      default:
        return true; // keys, indexes and descriptions have tests of their own
    }
  }

  find(project: string, name: string) {
    return this.logstores.find((logstore) => logstore.project === project && logstore.name === name);
  }

  compare({ view }: Catalog): void {
    expect(view.projects().map(({ name }) => name)).toEqual([...this.projects].sort());
    const logstores = view.projects().flatMap(({ name }) => view.logstores(name));
    expect(logstores).toHaveLength(this.logstores.length);
    for (const logstore of this.logstores) {
      expect(view.logstore(logstore.project, logstore.name)).toMatchObject(logstore);
      expect(view.logstoreById(logstore.id)).toMatchObject(logstore);
    }
    const living = this.logstores.map(({ id }) => id);
    expect([...view.deadLogstores()].sort((a, b) => a - b)).toEqual(this.ids.filter((id) => !living.includes(id)));
  }
}

function isName(name: string): boolean {
  return name.length === 3;
}

function isTtl(days: number): boolean {
  return days >= 1 && days <= 3650;
}
