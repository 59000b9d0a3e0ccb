// Goal: a setting means the same wherever it is given, and no mistake of the operator survives the start unseen.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flagName, variableName } from './config/layers.js';
import { printHelp, printPage } from './config/print.js';
import { ConfigError } from './config/resolve.js';
import { type Config, readConfig, reloadConfig, SECTIONS, SETTINGS } from './config.js';

/** Reads settings on a machine whose only file is `/etc/logboom.yaml`. */
function read(args: readonly string[], env: Record<string, string> = {}, yaml = '') {
  const files: Record<string, string> = { '/etc/logboom.yaml': yaml, '/run/secret': 'a-secret-from-a-file\n' };
  const result = readConfig(args, env, (file) => {
    const content = files[file];
    if (content === undefined) throw new Error(`ENOENT: no such file or directory, open '${file}'`);
    return content;
  });
  if (result.kind !== 'config') throw new Error('asked for settings, got help');
  return result;
}

function problemsOf(...given: Parameters<typeof read>): readonly string[] {
  try {
    read(...given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const withFile = ['--config', '/etc/logboom.yaml'];

describe('a value is taken from the nearest source that gives it', () => {
  const env = { LOGBOOM_WORKERS: '3', LOGBOOM_DEFAULT_PROJECT: 'env-project' };
  const yaml = 'workers: 4\ndefaultProject: file-project\nlogLevel: warn\n';
  const { config, given } = read([...withFile, '--workers', '2'], env, yaml);

  test.each([
    ['workers', 2, { from: 'flag', name: '--workers' }],
    ['defaultProject', 'env-project', { from: 'environment', name: 'LOGBOOM_DEFAULT_PROJECT' }],
    ['logLevel', 'warn', { from: 'file', name: '/etc/logboom.yaml' }],
    ['storeSessions', 6, { from: 'default', name: 'default' }],
  ] as const)('%s', (name, value, origin) => {
    expect(config[name]).toBe(value);
    expect(given[name].origin).toEqual(origin);
  });

  test('the file may be named in the environment', () => {
    expect(read([], { LOGBOOM_CONFIG: '/etc/logboom.yaml' }, yaml).config.workers).toBe(4);
  });
});

describe('settings that are read again', () => {
  const running = read(
    withFile,
    {},
    'quotaAddressRequests: 5\nspoolBytesMax: 8GiB\nstoreMemoryBytesMax: 1GiB\n',
  ).config;
  const again = (yaml: string) => reloadConfig(running, withFile, {}, () => yaml);

  test('take effect where they may, and wait for a restart where not', () => {
    const { values, changed, waiting } = again(
      'quotaAddressRequests: 9\nspoolBytesMax: 4GiB\nstoreMemoryBytesMax: 1GiB\n',
    );
    expect(values).toEqual({ ...running, quotaAddressRequests: 9 });
    expect(changed).toEqual(['quotaAddressRequests']);
    expect(waiting).toEqual(['spoolBytesMax']);
  });

  test('are as at the start where nothing was changed', () => {
    const { values, changed, waiting } = again(
      'spoolBytesMax: 8192MiB\nstoreMemoryBytesMax: 1GiB\nquotaAddressRequests: 5\n',
    );
    expect(values).toEqual(running);
    expect([...changed, ...waiting]).toEqual([]);
  });

  test.each([
    ['a value that cannot be', 'quotaAddressRequests: many\n', 'quotaAddressRequests is "many"'],
    ['no YAML', 'quotaAddressRequests: [\n', '/etc/logboom.yaml'],
    [
      'one that contradicts another which waits for a restart',
      'queryMemoryBytesMax: 2GiB\nstoreMemoryBytesMax: 4GiB\n',
      'queryMemoryBytesMax must be smaller than storeMemoryBytesMax',
    ],
  ])('are refused as a whole with %s', (_what, yaml, problem) => {
    expect(() => again(yaml)).toThrow(problem);
  });
});

test('a flag, a variable and a line of the file read alike', () => {
  const values = {
    data: '/var/lib/logboom',
    listen: '[::1]:9000',
    endpoint: 'Log.Example.com, logs.test',
    spoolHoldAge: '90s',
  };
  const args = Object.entries(values).flatMap(([name, value]) => [flagName(name), value]);
  const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [variableName(name), value]));
  const yaml = Object.entries(values).map(([name, value]) => `${name}: "${value}"\n`);
  const { config } = read(args);
  expect(read([], env).config).toEqual(config);
  expect({ ...read(withFile, {}, yaml.join('')).config, config: '' }).toEqual(config);
  expect(config).toMatchObject({
    data: '/var/lib/logboom',
    listen: { host: '::1', port: 9000 },
    endpoint: ['log.example.com', 'logs.test'],
    spoolHoldAge: 90_000,
  });
});

test('lists and mappings of the file are lists', () => {
  const yaml =
    'endpoint: [a.test, b.test]\ndomains:\n  track.shop.test: shop\n  "127.0.0.1": local\ntrustedProxies:\n- 10.0.0.0/8\n';
  const { config } = read(withFile, {}, yaml);
  expect(config.endpoint).toEqual(['a.test', 'b.test']);
  expect(config.domains).toEqual([
    { host: 'track.shop.test', project: 'shop' },
    { host: '127.0.0.1', project: 'local' },
  ]);
  expect(config.trustedProxies).toEqual(['10.0.0.0/8']);
});

test('sizes and lengths of time are numbers of bytes and milliseconds', () => {
  const { config } = read(['--spool-bytes-max', '1.5TiB', '--body-bytes-max=2MB', '--spool-hold-age', '10 min']);
  expect(config.spoolBytesMax).toBe(1.5 * 2 ** 40);
  expect(config.bodyBytesMax).toBe(2_000_000);
  expect(config.spoolHoldAge).toBe(600_000);
});

describe('a server of others', () => {
  const server = ['--store', 'cluster', '--store-urls', 'http://a.test:8123/, https://b.test'];

  test('is given by its addresses, and segments are held longer for it', () => {
    const { config, given } = read(server);
    expect(config.storeUrls).toEqual(['http://a.test:8123', 'https://b.test']);
    expect(config.spoolHoldAge).toBe(24 * 3_600_000);
    expect(given.spoolHoldAge).toEqual({ text: '24h', origin: { from: 'default', name: 'default' } });
    expect(read([...server, '--spool-hold-age', '1h']).config.spoolHoldAge).toBe(3_600_000);
  });

  test.each([
    ['without addresses', ['--store', 'cluster']],
    ['with addresses that nobody would ask', server.slice(2)],
  ])('%s is a contradiction', (_what, args) => {
    expect(problemsOf(args)).toEqual(['store: cluster and storeUrls belong together; set both or neither.']);
  });
});

test('an empty variable counts as not set', () => {
  expect(read([], { LOGBOOM_WORKERS: '', LOGBOOM_LISTENN: '' }).given.workers.origin.from).toBe('default');
});

test('the values are frozen through and through', () => {
  const { config } = read(['--endpoint', 'a.test']);
  expect([config, config.listen, config.endpoint, config.domains].every(Object.isFrozen)).toBe(true);
});

describe('what is not known is an error that names what was probably meant', () => {
  test.each([
    ['a flag', ['--lisen', '127.0.0.1:1'], {}, '', 'Unknown flag "--lisen". Did you mean --listen?'],
    [
      'a flag without its beginning',
      ['--segment-bytes-max', '1MiB'],
      {},
      '',
      'Did you mean --spool-segment-bytes-max?',
    ],
    ['a flag in another spelling', ['--spoolBytesMax', '1GiB'], {}, '', 'Did you mean --spool-bytes-max?'],
    ['a variable', [], { LOGBOOM_ENDPOINTS: 'a.test' }, '', 'Did you mean LOGBOOM_ENDPOINT?'],
    [
      'a key of the file',
      withFile,
      {},
      'spool_bytes_max: 1GiB',
      'unknown setting "spool_bytes_max". Did you mean spoolBytesMax?',
    ],
    ['the file named in the file', withFile, {}, 'config: x.yaml', 'unknown setting "config".'],
    ['something else altogether', ['--xyzzy'], {}, '', 'Unknown flag "--xyzzy".'],
    ['an argument', ['/var/lib/logboom'], {}, '', 'Unexpected argument "/var/lib/logboom"'],
  ])('%s', (_what, args, env, yaml, problem) => {
    const problems = problemsOf(args, env, yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

test('variables that others set are left alone', () => {
  const env = {
    LOGBOOM_ADMIN: 'http://127.0.0.1:8081',
    LOGBOOM_SERVICE_HOST: '10.96.0.7',
    LOGBOOM_SERVICE_PORT_HTTP: '8080',
    LOGBOOM_PORT: 'tcp://10.96.0.7:8080',
    LOGBOOM_PORT_8080_TCP_ADDR: '10.96.0.7',
    LOG_LEVEL: 'x',
  };
  expect(problemsOf([], env)).toEqual([]);
});

const BAD: Record<keyof Config, string> = {
  config: 'no\0name',
  data: 'no\0name',
  listen: '8080',
  publicApi: 'true',
  tlsCert: 'no\0name',
  tlsKey: 'no\0name',
  adminListen: '127.0.0.1:65536',
  workers: '0',
  logLevel: 'verbose',
  endpoint: 'https://log.example.com',
  domains: 'track.example.com=Shop',
  defaultProject: '-x-',
  trustedProxies: '10.0.0.0/33',
  quotaAddressRequests: '1k',
  quotaAddressBytes: '1',
  quotaExemptAddresses: 'fe80::1%eth0',
  quotaOriginRequests: '-1',
  quarantineLogs: '-1',
  quarantineBytes: '1',
  quotaOriginBytes: '2TiB',
  quotaLogstoreRequests: '0.5',
  quotaLogstoreBytes: 'all',
  quotaProjectRequests: 'none',
  quotaProjectBytes: '1 B/s',
  blockedAddresses: '203.0.113.*',
  nonStringValues: 'maybe',
  bodyBytesMax: '3',
  putBodyBytesMax: '17MiB',
  putLogsMax: '0',
  logsPerRequestMax: '-1',
  inFlightBytesMax: '64Mb',
  schemaVersionKeys: 'version,',
  batchIdsMax: '0',
  connectionsMax: '99999999999999999999',
  headersTimeout: '10',
  requestTimeout: '2d',
  keepAliveTimeout: 'forever',
  shutdownDelay: '-1s',
  shutdownTimeout: '0',
  spoolSegmentBytesMax: '1KiB',
  spoolSegmentLogsMax: '0.5',
  spoolSegmentAgeMax: '1 hour',
  spoolCommitBytesMax: '8 M iB',
  spoolBytesMax: 'constructor',
  spoolFreeBytesMin: '5%',
  spoolHoldAge: '',
  spoolHoldBytesMax: 'NaN',
  commitStallShed: '1sec',
  commitStallUnready: '٣s',
  store: 'clickhouse',
  storeUrls: 'https://user:secret@store-1.example.com',
  nodeName: 'a node',
  nodeUrl: 'http://node-1:8081/console',
  storeUser: 'a b',
  storePasswordFile: 'no\0name',
  storeDatabase: 'log-boom',
  storeCluster: 'a cluster',
  storeQuorum: 'auto',
  storeCa: 'no\0name',
  storeConnectTimeMax: '1ms',
  storeAnswerTimeMax: '2h',
  storeBytesMax: '-1',
  storeMemoryBytesMax: '1MiB',
  storeSessions: '1',
  queryTimeMax: '1ms',
  queryMemoryBytesMax: '0x10000000B',
  queryRowsMax: '1,000',
  queryTimeZone: 'Mars/Olympus',
  accessKeyId: 'has:colon',
  secretsKey: 'no\0name',
  accessKeySecret: 'short',
};

describe('a wrong value stops the start with the name, what was given, where, and what would do', () => {
  test.each(Object.entries(BAD))('%s', (name, bad) => {
    const setting = SETTINGS[name as keyof Config];
    expect(setting.read(bad)).toBeUndefined();
    if (name === 'config') return; // it is opened before the other settings are read
    const problems = setting.secret
      ? problemsOf([], { [variableName(name)]: bad })
      : problemsOf([`${flagName(name)}=${bad}`]);
    const shown = setting.secret ? 'not usable' : JSON.stringify(bad);
    const origin = setting.secret ? variableName(name) : flagName(name);
    expect(problems).toContain(`${name} is ${shown} (from ${origin}); it must be ${setting.expects}.`);
  });

  test('all that is wrong is told at once', () => {
    expect(problemsOf(['--workers', 'x', '--nope'], { LOGBOOM_STORE: 'y' })).toHaveLength(3);
  });

  test.each([
    ['at the end', ['--listen']],
    ['before the next flag', ['--listen', '--workers', '2']],
  ])('a flag without its value %s', (_where, args) => {
    expect(problemsOf(args)[0]).toMatch(/^--listen needs a value: HOST:PORT/);
  });

  test('a flag that is given twice', () => {
    expect(problemsOf(['--workers', '2', '--workers', '3'])).toEqual(['--workers is given twice.']);
  });
});

describe('a file that cannot be used stops the start', () => {
  test.each([
    ['missing', ['--config', '/etc/other.yaml'], '', /Cannot read the configuration file "\/etc\/other.yaml".*ENOENT/],
    ['not a mapping', withFile, '- a\n', /must be a mapping/],
    ['not YAML', withFile, 'a: [1\n', /\/etc\/logboom.yaml: .*line/s],
    ['a key twice', withFile, 'workers: 1\nworkers: 2\n', /unique/],
    ['a value of the wrong shape', withFile, 'workers: [[1]]\n', /workers must be a whole number/],
  ])('%s', (_what, args, yaml, problem) => {
    expect(problemsOf(args, {}, yaml)[0]).toMatch(problem);
  });

  test('an empty file is fine', () => {
    expect(problemsOf(withFile, {}, '# nothing yet\n')).toEqual([]);
  });
});

describe('the secret of the access key', () => {
  test('is read from the file that its variable names', () => {
    const { config, given } = read([], {
      LOGBOOM_ACCESS_KEY_ID: 'LBtest',
      LOGBOOM_ACCESS_KEY_SECRET_FILE: '/run/secret',
    });
    expect(config.accessKeySecret).toBe('a-secret-from-a-file');
    expect(given.accessKeySecret.origin.name).toBe('LOGBOOM_ACCESS_KEY_SECRET_FILE');
  });

  test('is never a flag and never in a message', () => {
    expect(problemsOf(['--access-key-secret', 'hunter22hunter22'])[0]).toMatch(/^Unknown flag/);
    const env = { LOGBOOM_ACCESS_KEY_ID: 'LBtest', LOGBOOM_ACCESS_KEY_SECRET: 'with spaces in it' };
    expect(problemsOf([], env).join()).not.toContain('spaces in it');
  });

  test('keeps its leading zeros in the file', () => {
    const yaml = 'accessKeyId: 0012\naccessKeySecret: 00123456\n';
    expect(read(withFile, {}, yaml).config).toMatchObject({ accessKeyId: '0012', accessKeySecret: '00123456' });
  });

  test('comes from one place only', () => {
    const env = { LOGBOOM_ACCESS_KEY_SECRET: 'abcdefgh', LOGBOOM_ACCESS_KEY_SECRET_FILE: '/run/secret' };
    expect(problemsOf([], env).join()).toContain('are both set; keep one');
  });
});

describe('settings that contradict each other stop the start', () => {
  test.each([
    ['one address for both listeners', ['--admin-listen', '0.0.0.0:8080'], /same address/],
    ['an id without a secret', ['--access-key-id', 'LBtest'], /belong together/],
    ['headers that take longer than the request', ['--headers-timeout', '31s'], /headersTimeout/],
    [
      'a body that never fits in memory',
      ['--body-bytes-max', '2MiB', '--in-flight-bytes-max', '1MiB'],
      /inFlightBytesMax/,
    ],
    ['a body larger than a segment', ['--spool-segment-bytes-max', '1MiB'], /spoolSegmentBytesMax/],
    ['a spool smaller than two segments', ['--spool-bytes-max', '127MiB'], /two segments/],
    ['a hold that fills the spool', ['--spool-hold-bytes-max', '16GiB'], /spoolHoldBytesMax/],
    ['a floor below one commit', ['--spool-free-bytes-min', '1MiB'], /spoolFreeBytesMin/],
    ['shedding after giving up', ['--commit-stall-shed', '11s'], /commitStallShed/],
    ['a query that may take all memory', ['--query-memory-bytes-max', '1GiB'], /queryMemoryBytesMax/],
  ])('%s', (_what, args, problem) => {
    expect(problemsOf(args).join('\n')).toMatch(problem);
  });

  test('two listeners on any free port do not', () => {
    expect(
      problemsOf(['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--spool-free-bytes-min', '0']),
    ).toEqual([]);
  });
});

test('every default is a value that the setting would take', () => {
  for (const [name, setting] of Object.entries(SETTINGS)) expect(setting.read(setting.default), name).toBeDefined();
});

test('whatever text a setting is given, it is taken or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(SETTINGS)), fc.string({ unit: 'binary' }), (setting, text) => {
      setting.read(text);
    }),
  );
});

describe('help and documentation are the table', () => {
  test('help names every setting', () => {
    const help = printHelp(SECTIONS);
    for (const name of Object.keys(SETTINGS)) {
      expect(help).toContain(name === 'accessKeySecret' ? variableName(name) : flagName(name));
    }
    expect(readConfig(['--help'], {})).toEqual({ kind: 'help', text: help });
  });

  test('docs/configuration.md is as printed', async () => {
    await expect(printPage(SECTIONS), 'to print it again: npx vitest run src/config -u').toMatchFileSnapshot(
      '../docs/configuration.md',
    );
  });
});
