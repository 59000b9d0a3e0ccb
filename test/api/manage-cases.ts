/** Projects, logstores, indexes and shards, case by case in this order: each finds what those before it have left. */
import { expect } from 'vitest';
import type { SignedCase } from './case.js';

const SHOP = 'shop.log.example.com';
/** The service itself: no project. */
const BARE = 'log.example.com';

type Body = object | string;

function ask(method: string, path: string, body?: Body): SignedCase['request'] {
  if (body === undefined) return { method, path };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method, path, body: text, headers: { 'content-type': 'application/json', 'x-log-bodyrawsize': '0' } };
}

function done(name: string, request: SignedCase['request'], json?: unknown, host = SHOP): SignedCase {
  const expected = json === undefined ? { headers: { 'content-length': '0' } } : { json };
  return { name, source: '05 management', request, expect: { status: 200, ...expected }, host };
}

function refused(
  name: string,
  request: SignedCase['request'],
  error: readonly [string, string],
  status = 400,
  host = SHOP,
): SignedCase {
  return { name, source: '05 management, errors', request, expect: { status, error }, host };
}

const NO_PROJECT = ['ProjectNotExist', 'The Project does not exist : nowhere.'] as const;
const NO_STORE = ['LogStoreNotExist', 'logstore nope does not exist.'] as const;
const NOT_JSON = ['PostBodyInvalid', 'The request body is not valid JSON object.'] as const;
const seconds = expect.any(Number);

const PROJECT = {
  projectName: 'shop',
  description: 'a shop',
  status: 'Normal',
  owner: '',
  region: '',
  resourceGroupId: '',
  dataRedundancyType: 'LRS',
};
const inWords = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const inSeconds = expect.stringMatching(/^\d{10}$/);

const LOGSTORE = {
  logstoreName: 'app',
  ttl: 30,
  shardCount: 1,
  enable_tracking: false,
  appendMeta: false,
  autoSplit: false,
  maxSplitShard: 64,
  telemetryType: '',
  mode: 'standard',
  createTime: seconds,
  lastModifyTime: seconds,
};

export const MANAGE_CASES: readonly SignedCase[] = [
  // Projects
  done(
    'a project is created at the endpoint',
    ask('POST', '/', { projectName: 'shop', description: 'a shop' }),
    undefined,
    BARE,
  ),
  done('or at its own Host', ask('POST', '/', { projectName: 'other' }), undefined, 'other.log.example.com'),
  refused(
    'a project of a name that is taken',
    ask('POST', '/', { projectName: 'shop', description: '' }),
    ['ProjectAlreadyExist', 'Project shop already exist.'],
    400,
    BARE,
  ),
  refused(
    'a project of no name',
    ask('POST', '/', { description: '' }),
    ['ParameterInvalid', 'Invalid project name . It has 3 to 63 lower-case letters, digits and -, neither end a -.'],
    400,
    BARE,
  ),
  refused(
    'a project whose body is no JSON',
    ask('POST', '/', '{"projectName":'),
    ['ParameterInvalid', 'The body is not valid json string.'],
    400,
    BARE,
  ),
  done('a project', ask('GET', '/'), { ...PROJECT, createTime: inWords, lastModifyTime: inWords }),
  done('with parameters that mean nothing here', ask('GET', '/?crossRegion=true'), expect.objectContaining(PROJECT)),
  refused('no project', ask('GET', '/'), NO_PROJECT, 404, 'nowhere.log.example.com'),
  done('a project is changed', ask('PUT', '/', { description: 'changed' })),
  done('and read', ask('GET', '/'), expect.objectContaining({ description: 'changed' })),
  done(
    'projects are listed',
    ask('GET', '/?offset=0&size=2&projectName=&description='),
    {
      count: 2,
      total: 3,
      projects: [
        { ...PROJECT, projectName: 'default', description: '', createTime: inSeconds, lastModifyTime: inSeconds },
        { ...PROJECT, projectName: 'other', description: '', createTime: inSeconds, lastModifyTime: inSeconds },
      ],
    },
    BARE,
  ),
  done(
    'projects are found by a part of their name',
    ask('GET', '/?projectName=ho'),
    { count: 1, total: 1, projects: [expect.objectContaining({ projectName: 'shop' })] },
    BARE,
  ),
  refused(
    'a page of no size',
    ask('GET', '/?size=0'),
    ['ParameterInvalid', 'Invalid parameter size, (0,500].'],
    400,
    BARE,
  ),
  refused(
    'a page too large',
    ask('GET', '/?size=501'),
    ['ParameterInvalid', 'Invalid parameter size, (0,500].'],
    400,
    BARE,
  ),
  refused(
    'an offset that is none',
    ask('GET', '/?offset=-1'),
    ['ParameterInvalid', 'offset : -1 pair is invalid'],
    400,
    BARE,
  ),
  refused(
    'the service itself is not deleted',
    ask('DELETE', '/'),
    ['ProjectNotExist', 'The Project does not exist : .'],
    404,
    BARE,
  ),
  refused('nor changed', ask('PUT', '/', {}), ['ProjectNotExist', 'The Project does not exist : .'], 404, BARE),

  // Logstores
  done('a logstore is created with what SLS takes for granted', ask('POST', '/logstores', { logstoreName: 'app' })),
  done('a logstore', ask('GET', '/logstores/app'), LOGSTORE),
  done('a type without a value is none', ask('GET', '/logstores/app?type='), LOGSTORE),
  done(
    'settings without effect are kept',
    ask('POST', '/logstores', {
      logstoreName: 'full',
      ttl: 3650,
      shardCount: 10,
      enable_tracking: true,
      appendMeta: true,
      autoSplit: true,
      maxSplitShard: 256,
      telemetryType: 'Event',
      hot_ttl: 7,
      infrequentAccessTTL: 30,
      mode: 'lite',
      encrypt_conf: { enable: true, encrypt_type: 'default' },
      productType: 'p',
      processorId: 'x',
      resourceQuota: { storage: { preserved: -1 } },
      enableModify: true,
      neverHeardOf: 1,
    }),
  ),
  done('and read', ask('GET', '/logstores/full'), {
    ...LOGSTORE,
    logstoreName: 'full',
    ttl: 3650,
    enable_tracking: true,
    appendMeta: true,
    autoSplit: true,
    maxSplitShard: 256,
    telemetryType: 'Event',
    hot_ttl: 7,
    infrequentAccessTTL: 30,
    mode: 'lite',
    encrypt_conf: { enable: true, encrypt_type: 'default' },
    productType: 'p',
    processorId: 'x',
  }),
  refused('a name that is taken', ask('POST', '/logstores', { logstoreName: 'app' }), [
    'LogStoreAlreadyExist',
    'logstore app already exists',
  ]),
  refused('an empty name', ask('POST', '/logstores', { logstoreName: '', ttl: 1 }), [
    'LogStoreInfoInvalid',
    'logstore name  is invalid',
  ]),
  refused('a name that is none', ask('POST', '/logstores', { logstoreName: 'App!' }), [
    'LogStoreInfoInvalid',
    'logstore name App! is invalid',
  ]),
  refused('retention that is too long', ask('POST', '/logstores', { logstoreName: 'x1', ttl: 3651 }), [
    'LogStoreInfoInvalid',
    expect.stringContaining('ttl: ') as string,
  ]),
  refused('too many shards', ask('POST', '/logstores', { logstoreName: 'x1', shardCount: 101 }), [
    'LogStoreInfoInvalid',
    expect.stringContaining('shardCount: ') as string,
  ]),
  refused('a switch that is text', ask('POST', '/logstores', { logstoreName: 'x1', enable_tracking: 'true' }), [
    'LogStoreInfoInvalid',
    expect.stringContaining('enable_tracking: ') as string,
  ]),
  refused(
    'splitting without a limit',
    ask('POST', '/logstores', { logstoreName: 'x1', autoSplit: true, maxSplitShard: 0 }),
    ['LogStoreInfoInvalid', 'maxSplitShard must be within range [1, 256]'],
  ),
  done(
    'a limit of 0 where nothing is split, as the Go SDK',
    ask('POST', '/logstores', { logstoreName: 'x1', maxSplitShard: 0 }),
  ),
  refused('no JSON', ask('POST', '/logstores', '{'), NOT_JSON),
  refused('no object', ask('POST', '/logstores', '[]'), NOT_JSON),
  refused(
    'in no project',
    ask('POST', '/logstores', { logstoreName: 'x2' }),
    NO_PROJECT,
    404,
    'nowhere.log.example.com',
  ),
  done(
    'a part is changed, the rest stays',
    ask('PUT', '/logstores/full', { logstoreName: 'full', ttl: 5, shardCount: 3 }),
  ),
  done(
    'and read',
    ask('GET', '/logstores/full'),
    expect.objectContaining({ ttl: 5, shardCount: 1, enable_tracking: true, mode: 'lite' }),
  ),
  refused('changing none', ask('PUT', '/logstores/nope', { ttl: 5 }), NO_STORE, 404),
  refused('none', ask('GET', '/logstores/nope'), NO_STORE, 404),
  done('logstores are listed as the Node SDK asks', ask('GET', '/logstores?logstoreName=&offset=&size='), {
    count: 3,
    total: 3,
    logstores: ['app', 'full', 'x1'],
  }),
  done('page by page', ask('GET', '/logstores?offset=1&size=1'), { count: 1, total: 3, logstores: ['full'] }),
  done('by a part of the name', ask('GET', '/logstores?logstoreName=pp'), { count: 1, total: 1, logstores: ['app'] }),
  done('by mode', ask('GET', '/logstores?mode=lite'), { count: 1, total: 1, logstores: ['full'] }),
  done('by telemetry type', ask('GET', '/logstores?telemetryType=Event'), { count: 1, total: 1, logstores: ['full'] }),
  refused('a page too large', ask('GET', '/logstores?size=501'), [
    'ParameterInvalid',
    'Invalid parameter size, (0,500].',
  ]),
  done('a logstore is deleted', ask('DELETE', '/logstores/x1')),
  refused('deleting none', ask('DELETE', '/logstores/nope'), NO_STORE, 404),
  refused(
    'deleting an empty name',
    ask('DELETE', '/logstores/'),
    ['InvalidMethod', 'invalid request method: /logstores/'],
    405,
  ),

  // Indexes
  refused('no index', ask('GET', '/logstores/app/index'), ['IndexConfigNotExist', "index config doesn't exist."]),
  refused('changing none', ask('PUT', '/logstores/app/index', { line: { token: [] } }), [
    'ParameterInvalid',
    'log store index is not created.',
  ]),
  refused('deleting none', ask('DELETE', '/logstores/app/index'), [
    'ParameterInvalid',
    'log store index is not created.',
  ]),
  refused('an index of nothing', ask('POST', '/logstores/app/index', { ttl: 7 }), [
    'IndexInfoInvalid',
    'required fields line/keys are lacking or of error format.',
  ]),
  refused('a line without tokens', ask('POST', '/logstores/app/index', { line: { caseSensitive: false } }), [
    'IndexInfoInvalid',
    'Required field token is lacking or of error format.',
  ]),
  refused('a key without a type', ask('POST', '/logstores/app/index', { keys: { a: { token: [] } } }), [
    'ParameterInvalid',
    'key config must has type.',
  ]),
  refused(
    'what to include and to exclude',
    ask('POST', '/logstores/app/index', { line: { token: [], include_keys: ['a'], exclude_keys: ['b'] } }),
    ['IndexInfoInvalid', 'line: include_keys and exclude_keys exclude each other.'],
  ),
  done(
    'an index is created',
    ask('POST', '/logstores/app/index', {
      line: { token: [',', ' '], caseSensitive: false, chn: false, include_keys: [], exclude_keys: [] },
      keys: {
        agent: { type: 'text', alias: 'browser' },
        info: { type: 'json', token: [], json_keys: { usedTime: { type: 'double' } }, max_depth: -1 },
      },
      vector_index: { a: 1 },
    }),
  ),
  done('and read, with what was missing filled in', ask('GET', '/logstores/app/index'), {
    line: { token: [',', ' '], caseSensitive: false, chn: false, include_keys: [], exclude_keys: [] },
    keys: {
      agent: { type: 'text', alias: 'browser', token: expect.arrayContaining([',', ' ', '\n', '"']) },
      info: { type: 'json', token: [], json_keys: { usedTime: { type: 'double' } }, max_depth: -1 },
    },
    vector_index: { a: 1 },
    ttl: 30,
    max_text_len: 2048,
    log_reduce: false,
    storage: 'pg',
    lastModifyTime: seconds,
  }),
  refused('a second index', ask('POST', '/logstores/app/index', { line: { token: [] } }), [
    'IndexAlreadyExist',
    'Logstore index is already created.',
  ]),
  done(
    'an index is replaced as a whole',
    ask('PUT', '/logstores/app/index', { keys: { n: { type: 'long' } }, storage: 'pg' }),
  ),
  done('and read', ask('GET', '/logstores/app/index'), {
    keys: { n: { type: 'long' } },
    ttl: 30,
    max_text_len: 2048,
    log_reduce: false,
    storage: 'pg',
    lastModifyTime: seconds,
  }),
  done('an index is deleted', ask('DELETE', '/logstores/app/index')),
  refused('of no logstore', ask('GET', '/logstores/nope/index'), NO_STORE, 404),

  // Shards
  done('shards', ask('GET', '/logstores/app/shards'), [
    {
      shardID: 0,
      status: 'readwrite',
      inclusiveBeginKey: '0'.repeat(32),
      exclusiveEndKey: 'f'.repeat(32),
      createTime: seconds,
    },
  ]),
  refused('of no logstore', ask('GET', '/logstores/nope/shards'), NO_STORE, 404),
  refused('splitting', ask('POST', '/logstores/app/shards/0?action=split&key=8'), [
    'NotSupported',
    'Each worker of this service is a shard; shards are not split or merged.',
  ]),

  // The end
  done('a project is deleted with all that is in it', ask('DELETE', '/?forceDelete=true')),
  refused(
    'a logstore of it',
    ask('GET', '/logstores/app'),
    ['ProjectNotExist', 'The Project does not exist : shop.'],
    404,
  ),
];
