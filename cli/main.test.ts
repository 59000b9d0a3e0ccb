// Goal: a command does what it says to a real admin API, and whatever goes wrong is told in words and in the exit code.
import * as fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthorizer } from '../src/admin/authorize.js';
import { domainRoutes } from '../src/admin/domain-routes.js';
import { indexRoutes } from '../src/admin/index-routes.js';
import { routes } from '../src/admin/routes.js';
import type { Status } from '../src/api/status.js';
import { type Catalog, openCatalog } from '../src/catalog/writer.js';
import type { Logstore } from '../src/model/catalog.js';
import { systemClock } from '../src/platform/clock.js';
import { realDisk } from '../src/platform/disk.js';
import { testListener } from '../test/support/test-listener.js';
import { COMMANDS } from './commands.js';
import type { Machine } from './machine.js';
import { main } from './main.js';

const silent = pino({ level: 'silent' });

const status: Status = {
  version: '0.1.0',
  ready: false,
  reasons: ['the disk is full \x1b[31m'],
  node: null,
  uptimeSeconds: 11_527,
  shards: [
    {
      shard: 1,
      pid: 4711,
      restarts: 0,
      ready: true,
      reasons: [],
      figures: {
        spoolBytes: 12 * 2 ** 20,
        unloadedSegments: 2,
        loadLagSeconds: 75,
        heldBytes: 2 ** 20,
        quarantinedPlaces: 0,
        setAsideSegments: 0,
        acknowledgedLogs: 123_456,
      },
    },
    { shard: 2, pid: null, restarts: 3, ready: false, reasons: ['starting'], figures: null },
  ],
  store: { kind: 'embedded', state: 'down', lastError: 'exit code 139', restarts: 7 },
  disk: { freeBytes: 2 ** 30, totalBytes: 40 * 2 ** 30, floorBytes: 2 ** 30 },
};
/** What the service says now. */
let shown = status;

let dir: string;
let catalog: Catalog;
let server: Server;
/** Answers everything with a page, as something else that happens to listen. */
let stranger: Server;

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-cli-'));
  catalog = await openCatalog({ dir, disk: realDisk, clock: systemClock, log: silent });
  const authorize = createAuthorizer(catalog.view, systemClock);
  server = testListener({
    routes: [
      ...routes({ view: catalog.view, writer: catalog, authorize, status: async () => shown }),
      ...indexRoutes({ view: catalog.view, writer: catalog, authorize }),
      ...domainRoutes({
        view: catalog.view,
        writer: catalog,
        authorize,
        settings: { endpoints: [], domains: [{ host: 'set.example.com', project: 'default' }] },
      }),
    ],
  });
  stranger = createServer((_request, response) => response.end('<html>'));
  await Promise.all([server, stranger].map((each) => new Promise<void>((done) => each.listen(0, '127.0.0.1', done))));
});

afterAll(async () => {
  for (const each of [server, stranger]) {
    each.closeAllConnections();
    await new Promise((done) => each.close(done));
  }
  await catalog.close();
  fs.rmSync(dir, { recursive: true });
});

const urlOf = (each: Server) => `http://127.0.0.1:${(each.address() as AddressInfo).port}`;

interface Result {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `logboom …args` with a server and its data directory in the environment. `answer` is what a person types. */
async function logboom(args: readonly string[], env: Record<string, string> = {}, answer?: string): Promise<Result> {
  let out = '';
  let err = '';
  const machine: Machine = {
    env: { LOGBOOM_ADMIN: urlOf(server), LOGBOOM_DATA: dir, ...env },
    signal: new AbortController().signal,
    isInteractive: answer !== undefined,
    showsProgress: false,
    readFile: (file) => fs.readFileSync(file, 'utf8'),
    write: async (text) => {
      out += text;
    },
    warn: (text) => {
      err += text;
    },
    ask: async (question) => {
      err += question;
      return answer ?? '';
    },
  };
  return { exitCode: await main(args, machine), out, err };
}

test('access keys are created, listed, disabled, enabled and deleted; a secret is shown once', async () => {
  const created = (await logboom(['key', 'create', '--roles', 'read,write', '--projects', 'default'])).out;
  expect(created).toMatch(
    /^Created an access key for read and write in default\.\n {2}id +LB\w{22}\n {2}secret +\w{40}\n/,
  );
  const [, id = '', secret = ''] = /id +(\S+)\n {2}secret +(\S+)/.exec(created) ?? [];
  const withKey = { LOGBOOM_ACCESS_KEY_ID: id, LOGBOOM_ACCESS_KEY_SECRET: secret };
  const list = ['logstore', 'list'];
  expect((await logboom(list, withKey)).exitCode).toBe(0);
  expect((await logboom(['logstore', 'create', 'denied'], withKey)).err).toContain(
    'denied by sts or ram, action: manage',
  );
  expect((await logboom(['key', 'list'], withKey)).err).toContain('denied');

  const listed = (await logboom(['key', 'list'])).out;
  expect(listed).toMatch(new RegExp(`${id} +read,write +default +yes `));
  expect(listed).not.toContain(secret);
  expect((await logboom(['key', 'disable', id])).out).toBe(`Access key ${id} is disabled.\n`);
  expect((await logboom(list, withKey)).err).toContain(`AccessKeyId is disabled: ${id}`);
  expect((await logboom(['key', 'enable', id])).out).toBe(`Access key ${id} is enabled.\n`);
  expect((await logboom(list, withKey)).exitCode).toBe(0);
  expect((await logboom(['key', 'delete', id], {}, 'y')).out).toBe(`Deleted access key ${id}.\n`);
  expect((await logboom(list, withKey)).exitCode).not.toBe(0);

  const all = JSON.parse((await logboom(['key', 'create', '--roles=manage', '--json'])).out);
  expect(all).toMatchObject({ roles: ['manage'], projects: null, isEnabled: true });
  await logboom(['key', 'delete', all.id, '--yes']);
});

test('an index is set from a file, shown as the file has it, and deleted', async () => {
  const file = path.join(dir, 'index.json');
  const config = { line: { token: [','] }, keys: { status: { type: 'long', doc_value: true } } };
  expect((await logboom(['index', 'show', 'web'])).err).toContain('has no index');
  expect((await logboom(['index', 'set', 'web', file])).err).toContain('no such file');
  fs.writeFileSync(file, JSON.stringify({ keys: { status: { type: 'number' } } }));
  expect((await logboom(['index', 'set', 'web', file])).err).toContain('keys.status.type');
  fs.writeFileSync(file, JSON.stringify(config));
  expect((await logboom(['index', 'set', 'web', file])).exitCode).toBe(0);
  expect(JSON.parse((await logboom(['index', 'show', 'web'])).out)).toEqual(config);
  expect((await logboom(['index', 'delete', 'web'], {}, 'n')).exitCode).not.toBe(0);
  expect((await logboom(['index', 'delete', 'web', '--yes'])).exitCode).toBe(0);
  expect(catalog.view.logstore('default', 'web')?.index).toBeNull();
});

test('domains are added, listed beside those of the configuration, and deleted after a yes', async () => {
  const added = await logboom(['domain', 'add', 'Track.Example.com', 'default']);
  expect(added.out).toMatch(/^track\.example\.com stands for project default\.\n.*DNS.*certificate/);
  const { out } = await logboom(['domain', 'list']);
  expect(out).toMatch(
    /^DOMAIN +PROJECT +FROM +CREATED \(UTC\)\nset\.example\.com +default +settings\ntrack\.example\.com /,
  );
  const lines = (await logboom(['domain', 'list', '--json'])).out.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ from: 'settings' }, { from: 'catalog' }]);
  expect((await logboom(['domain', 'add', 'set.example.com', 'default'])).err).toContain('setting "domains"');
  expect((await logboom(['domain', 'delete', 'track.example.com'], {}, 'n')).exitCode).not.toBe(0);
  expect((await logboom(['domain', 'delete', 'track.example.com'], {}, 'y')).out).toContain('Deleted domain');
  expect((await logboom(['domain', 'delete', 'track.example.com', '--yes'])).err).toContain('does not exist');
});

test.each([
  ['no role', ['key', 'create'], 'say what the key is for'],
  ['a role that is none', ['key', 'create', '--roles', 'admin'], '"admin" is none of read, write, manage'],
  ['a project that is not there', ['key', 'create', '--roles=read', '--projects=nope'], 'ProjectNotExist'],
  ['a key that is not there', ['key', 'disable', 'LBnope'], 'access key LBnope does not exist.'],
])('a key command is refused with %s', async (_what, args, message) => {
  const { exitCode, err } = await logboom(args);
  expect(exitCode).not.toBe(0);
  expect(err).toContain(message);
});

describe('projects and logstores', () => {
  test('are created, listed, updated and deleted', async () => {
    expect(await logboom(['project', 'create', 'shop', '--description', 'the web shop'])).toEqual({
      exitCode: 0,
      out: 'Created project shop.\n',
      err: '',
    });
    const create = ['logstore', 'create', 'app', '--project', 'shop', '--web-tracking', 'on', '--ttl', '7'];
    expect((await logboom(create)).out).toBe('Created logstore app of project shop: web tracking on, 7 days.\n');
    expect(catalog.view.logstore('shop', 'app')).toMatchObject({ webTracking: true, ttlDays: 7, appendMeta: false });

    expect((await logboom(['project', 'list'])).out).toMatch(
      /^PROJECT +CREATED \(UTC\) +DESCRIPTION\ndefault .*\nshop .* the web shop\n$/,
    );
    const [listed = ''] = (await logboom(['logstore', 'list', '--project', 'shop', '--json'])).out.split('\n');
    const {
      updatedAt: _,
      extras: __,
      index: ___,
      writeRules,
      ...shown
    } = catalog.view.logstore('shop', 'app') as Logstore;
    expect(JSON.parse(listed)).toEqual({ ...shown, ...writeRules, quarantine: { isOn: false, ttlDays: 7 } });

    const update = [
      'logstore',
      'update',
      'app',
      '--project=shop',
      '--ttl=30',
      '--max-bytes=1.5GiB',
      '--append-meta=on',
    ];
    expect((await logboom(update)).out).toBe('Updated logstore app of project shop: web tracking on, 30 days.\n');
    expect(catalog.view.logstore('shop', 'app')).toMatchObject({
      webTracking: true,
      ttlDays: 30,
      maxBytes: 1.5 * 1024 ** 3,
      appendMeta: true,
    });

    const rules = [
      '--origins',
      'https://shop.test, *.shop.test:*',
      '--quota-bytes',
      '5MiB',
      '--client-address',
      'network',
      '--path-aliases=/collect, /a/b.gif',
      '--keys-max=300',
    ];
    await logboom(['logstore', 'update', 'app', '--project=shop', '--origin-mode=enforce', ...rules]);
    await logboom(['logstore', 'update', 'app', '--project=shop', '--without-origin=accept', '--quota-requests=0']);
    expect(catalog.view.logstore('shop', 'app')?.writeRules).toEqual({
      origins: { mode: 'enforce', allowed: ['https://shop.test', '*.shop.test:*'], withoutOrigin: 'accept' },
      quota: { requestsPerSecond: 0, bytesPerSecond: 5 * 1024 * 1024 },
      clientAddress: 'network',
      pathAliases: ['/collect', '/a/b.gif'],
      keysMax: 300,
    });
    await logboom(['logstore', 'update', 'app', '--project=shop', '--origins=', '--quota-bytes=default']);
    expect(catalog.view.logstore('shop', 'app')?.writeRules).toMatchObject({
      origins: { mode: 'enforce', allowed: [] },
      quota: { requestsPerSecond: 0, bytesPerSecond: null },
    });
    for (const wrong of [
      '--origin-mode=on',
      '--max-bytes=many',
      '--quota-requests=-1',
      '--quota-bytes=5MX',
      '--client-address=some',
    ]) {
      expect((await logboom(['logstore', 'update', 'app', '--project=shop', wrong])).exitCode).toBe(2);
    }
    await logboom(['project', 'update', 'shop', '--quota-requests', '100']);
    expect(catalog.view.project('shop')).toMatchObject({
      description: 'the web shop',
      quota: { requestsPerSecond: 100, bytesPerSecond: null },
    });

    expect((await logboom(['logstore', 'delete', 'app', '--project', 'shop', '--yes'])).out).toBe(
      'Deleted logstore app.\n',
    );
    expect((await logboom(['project', 'delete', 'shop', '--yes'])).out).toBe('Deleted project shop.\n');
    expect(catalog.view.project('shop')).toBeUndefined();
  });

  test('are in the project default unless another is named', async () => {
    expect((await logboom(['logstore', 'list'])).out).toMatch(/^LOGSTORE .*\nweb +on +30 +off .* 1\n$/);
  });

  test('are deleted only after a yes', async () => {
    await logboom(['project', 'create', 'keep']);
    await logboom(['logstore', 'create', 'app', '--project', 'keep']);
    const remove = ['project', 'delete', 'keep'];
    expect(await logboom(remove)).toMatchObject({ exitCode: 2, err: expect.stringContaining('give --yes') });
    expect(await logboom(remove, {}, 'no')).toEqual({
      exitCode: 2,
      out: '',
      err: 'Delete project keep with its 1 logstores and all their logs? [y/N] logboom: nothing was deleted\n',
    });
    expect(catalog.view.project('keep')).toBeDefined();
    expect(await logboom(remove, {}, 'y')).toMatchObject({ exitCode: 0, out: 'Deleted project keep.\n' });
    expect(catalog.view.project('keep')).toBeUndefined();
  });
});

describe('status', () => {
  test('is a table for people, without what a terminal acts on', async () => {
    const { exitCode, out } = await logboom(['status']);
    expect(exitCode).toBe(0);
    expect(out).toBe(
      [
        'Logboom 0.1.0, up 3 h 12 min, NOT READY: the disk is full \\u001b[31m',
        'Store   embedded, down, 7 restarts, last error: exit code 139',
        'Disk    1.0 GiB of 40.0 GiB free, new logs are refused below 1.0 GiB',
        '',
        'SHARD  PID   STATE     RESTARTS  SPOOL     HELD     TO LOAD     LAG         ACKNOWLEDGED  DAMAGED LINES  SET ASIDE',
        '1      4711  ready     0         12.0 MiB  1.0 MiB  2 segments  1 min 15 s  123456 logs   0              0',
        '2      -     starting  3',
        '',
      ].join('\n'),
    );
  });

  test('has a word on each server of a store', async () => {
    const servers = [
      { url: 'http://a.test:8123', isUp: false, error: 'ECONNREFUSED' },
      { url: 'http://b.test:8123', isUp: true, error: null },
    ];
    shown = { ...status, store: { kind: 'cluster', state: 'up', lastError: null, servers } };
    const { out } = await logboom(['status']);
    shown = status;
    expect(out).toContain('\nStore   cluster, up; http://a.test:8123 ECONNREFUSED; http://b.test:8123 up\n');
  });

  test('is JSON for programs', async () => {
    expect(JSON.parse((await logboom(['status', '--json'])).out)).toEqual(status);
  });
});

describe('what goes wrong is told, with an exit code of its own', () => {
  test.each([
    [
      'a name that is taken',
      ['logstore', 'create', 'web'],
      {},
      1,
      'LogStoreAlreadyExist: logstore web already exists (request 0123',
    ],
    ['a name that is no name', ['project', 'create', 'a\x1b[31m'], {}, 1, 'Invalid project name a\\u001b[31m.'],
    ['retention out of range', ['logstore', 'update', 'web', '--ttl', '5000'], {}, 1, '1 to 3650'],
    [
      'a wrong key',
      ['status'],
      { LOGBOOM_ACCESS_KEY_ID: 'LBx', LOGBOOM_ACCESS_KEY_SECRET: 'y' },
      1,
      'The key was LBx.',
    ],
    [
      'nobody listens',
      ['status', '--admin', 'http://127.0.0.1:1'],
      {},
      3,
      'cannot reach a server at http://127.0.0.1:1: ',
    ],
    [
      'no such host',
      ['status', '--admin', 'http://nowhere.invalid:8081'],
      {},
      3,
      'cannot reach a server at http://nowhere.invalid',
    ],
    ['no URL', ['status', '--admin', '127.0.0.1:8081'], {}, 2, '127.0.0.1:8081 is not the URL of a server'],
    ['no data directory', ['status', '--data', '/nonexistent'], {}, 2, 'no access key: ENOENT'],
    ['an id without a secret', ['status'], { LOGBOOM_ACCESS_KEY_ID: 'LBx' }, 2, 'LOGBOOM_ACCESS_KEY_SECRET is not'],
    [
      'a secret with a line end',
      ['status'],
      { LOGBOOM_ACCESS_KEY_ID: 'LBx', LOGBOOM_ACCESS_KEY_SECRET: 'y\nz' },
      2,
      'no access key can have',
    ],
    ['an unknown command', ['projct', 'list'], {}, 2, 'unknown command projct list'],
    ['half a command', ['project', 'destroy'], {}, 2, 'unknown command project destroy'],
    ['an unknown option', ['project', 'list', '--verbose'], {}, 2, "Unknown option '--verbose'"],
    ['an option without its value', ['logstore', 'list', '--project'], {}, 2, 'argument missing'],
    ['a missing argument', ['project', 'create'], {}, 2, 'it takes PROJECT, and was given none'],
    ['an argument too many', ['project', 'create', 'one', 'two'], {}, 2, 'was given "one" "two"'],
    [
      'a switch that is neither',
      ['logstore', 'create', 'app', '--web-tracking', 'yes'],
      {},
      2,
      '--web-tracking must be on or off',
    ],
    [
      'a retention that is no number',
      ['logstore', 'create', 'app', '--ttl', '7d'],
      {},
      2,
      '--ttl must be a number of days',
    ],
    ['nothing to update', ['logstore', 'update', 'web'], {}, 2, 'nothing to change'],
    ['a name that leads elsewhere', ['project', 'delete', '..', '--yes'], {}, 2, '".." is no name'],
  ])('%s', async (_what, args, env, exitCode, message) => {
    const before = catalog.snapshot();
    const result = await logboom(args, env);
    expect(result.err).toContain(message);
    expect(result).toMatchObject({ exitCode, out: '' });
    expect(catalog.snapshot()).toEqual(before);
  });

  test('something else listens there', async () => {
    const result = await logboom(['status', '--admin', urlOf(stranger)]);
    expect(result).toMatchObject({ exitCode: 3, err: expect.stringContaining('is no Logboom admin listener') });
  });

  test('a person interrupts it', async () => {
    const machine: Machine = {
      env: { LOGBOOM_ADMIN: urlOf(server), LOGBOOM_DATA: dir },
      signal: AbortSignal.abort(),
      isInteractive: false,
      showsProgress: false,
      readFile: (file) => fs.readFileSync(file, 'utf8'),
      write: async () => undefined,
      warn: () => undefined,
      ask: async () => '',
    };
    expect(await main(['status'], machine)).toBe(130);
  });
});

test('a key in the environment goes before that of the data directory', async () => {
  await catalog.execute({
    do: 'createAccessKey',
    id: 'LBenv',
    secret: 'from-the-environment',
    roles: ['manage'],
    projects: null,
  });
  const env = { LOGBOOM_DATA: '/nonexistent', LOGBOOM_ACCESS_KEY_ID: 'LBenv' };
  expect((await logboom(['status'], { ...env, LOGBOOM_ACCESS_KEY_SECRET: 'from-the-environment' })).exitCode).toBe(0);
  const file = path.join(dir, 'secret');
  fs.writeFileSync(file, 'from-the-environment\n');
  expect((await logboom(['status'], { ...env, LOGBOOM_ACCESS_KEY_SECRET_FILE: file })).exitCode).toBe(0);
});

test('a path before the API is kept, for a server behind a proxy', async () => {
  const result = await logboom(['status', '--admin', `${urlOf(server)}/logs/`]);
  expect(result).toMatchObject({ exitCode: 1, err: expect.stringContaining('/logs/api/v1/status') });
});

describe('help', () => {
  test('lists every command, and needs no server', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { exitCode, out } = await logboom(args, { LOGBOOM_DATA: '/nonexistent' });
      expect(exitCode).toBe(0);
      for (const { name } of COMMANDS) expect(out).toContain(`  ${name}`);
    }
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of %s tells all its options',
    async (name, command) => {
      const { exitCode, out } = await logboom([...name.split(' '), '--help'], { LOGBOOM_DATA: '/nonexistent' });
      expect(exitCode).toBe(0);
      for (const option of [...Object.keys(command.options), 'admin', 'data']) expect(out).toContain(`  --${option}`);
    },
  );

  test('of the first word lists what may follow it', async () => {
    const { exitCode, out } = await logboom(['project']);
    expect(exitCode).toBe(0);
    expect(out).toContain('project delete PROJECT');
    expect(out).not.toContain('logstore create');
  });
});
