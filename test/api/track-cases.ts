/** The tracking API, case by case: what is accepted and how it is stored, and every error in its order. */
import { deflateRawSync, deflateSync } from 'node:zlib';
import type { ApiCase } from './case.js';

const TRACK = '/logstores/{logstore}/track';
/** How browser SDKs give the version. */
const BY_QUERY = `${TRACK}?APIVersion=0.6.0`;
/** How the others do. */
const BY_HEADER = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': '10' };

/** What a log has when the group says nothing of itself. */
const PLAIN = { __topic__: '', __source__: '127.0.0.1' };

const WORKED = '{"__topic__":"t","__logs__":[{"foo":"bar","n":"1"},{"foo":"bar","n":"2"}]}';
const WORKED_LOGS = [
  { ...PLAIN, __topic__: 't', foo: 'bar', n: '1' },
  { ...PLAIN, __topic__: 't', foo: 'bar', n: '2' },
];
const GIF = Buffer.from(
  '47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b',
  'hex',
);

const TOO_LARGE = ['PostBodyTooLarge', 'Logs must be less than or equal to 3 MB and 4096 entries.'] as const;
const INVALID = ['PostBodyInvalid', 'Protobuffer content cannot be parsed.'] as const;
const BAD_KEY = ['InvalidKey', 'Invalid keys are in logs.'] as const;
const BAD_TEXT = ['InvalidEncoding', 'Non-UTF8 characters are in logs.'] as const;
const BAD_PACK = ['PostBodyUncompressError', 'Failed to decompress logs.'] as const;

function post(body: string | Buffer, headers: ApiCase['request']['headers'] = {}): ApiCase['request'] {
  return { method: 'POST', path: BY_QUERY, body, headers };
}

function packed(type: string, body: Buffer | string, rawSize: number | string = 74): ApiCase['request'] {
  const headers = { 'x-log-compresstype': type, 'x-log-bodyrawsize': String(rawSize), 'x-log-apiversion': '0.6.0' };
  return { method: 'POST', path: TRACK, body: typeof body === 'string' ? Buffer.from(body, 'hex') : body, headers };
}

function get(path: string, headers: ApiCase['request']['headers'] = {}): ApiCase['request'] {
  return { method: 'GET', path, headers };
}

function refused(
  name: string,
  source: string,
  request: ApiCase['request'],
  error: readonly [string, string],
  status = 400,
): ApiCase {
  return { name, source, request, expect: { status, error } };
}

const manyLogs = (count: number) => `{"__logs__":[${Array(count).fill('{"many":"1"}').join(',')}]}`;

/** A valid body of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const value = 'v'.repeat(1_000_000);
  const start = `{"__logs__":[{"a":"${value}","b":"${value}","c":"${value}","d":"`;
  const end = '"}]}';
  return start + 'x'.repeat(bytes - start.length - end.length) + end;
}

/** LogGroup{Logs[{Time, Contents[{k, v}]}], Topic t, Source s, LogTags[{a, b}]} */
function logGroup(timeSeconds: number): Buffer {
  const time: number[] = [];
  let rest = timeSeconds;
  do {
    time.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  const log = Buffer.from([0x08, ...time, 0x12, 6, 0x0a, 1, 0x6b, 0x12, 1, 0x76]);
  return Buffer.from([0x0a, log.length, ...log, 0x1a, 1, 0x74, 0x22, 1, 0x73, 0x32, 6, 0x0a, 1, 0x61, 0x12, 1, 0x62]);
}

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const nowSeconds = Math.floor(Date.now() / 1000);

export const TRACK_CASES: readonly ApiCase[] = [
  // What is accepted.
  {
    name: 'a batch with the version in the header is stored',
    source: 'PutWebtracking, request syntax',
    request: { method: 'POST', path: TRACK, headers: BY_HEADER, body: WORKED },
    expect: {
      status: 200,
      headers: {
        'content-length': '0',
        'x-log-requestid': /^[0-9A-F]{24}$/,
        'x-log-time': /^\d{10}$/,
        date: / GMT$/,
        server: 'Logboom',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-log-requestid, x-log-time, Date',
        'access-control-allow-credentials': null,
      },
    },
    stored: WORKED_LOGS,
  },
  {
    name: 'a batch with the version in the query needs no other header',
    source: 'web-track-browser',
    request: post(WORKED, { 'content-type': 'text/plain;charset=UTF-8' }),
    expect: { status: 200 },
    stored: WORKED_LOGS,
  },
  {
    name: 'version 0.4.0 of old documents is accepted',
    source: 'older documents',
    request: { method: 'POST', path: `${TRACK}?APIVersion=0.4.0`, body: '{"__logs__":[{"old":"1"}]}' },
    expect: { status: 200 },
    stored: [{ ...PLAIN, old: '1' }],
  },
  {
    name: 'topic, source and tags belong to every log of the batch',
    source: 'PutWebtracking, request body',
    request: post(
      '{"__topic__":"shop","__source__":"s1","__tags__":{"app":"demo","n":7},"__logs__":[{"a":"1"},{"b":"2"}]}',
    ),
    expect: { status: 200 },
    stored: [
      { __topic__: 'shop', __source__: 's1', '__tag__:app': 'demo', '__tag__:n': '7', a: '1' },
      { __topic__: 'shop', __source__: 's1', '__tag__:app': 'demo', '__tag__:n': '7', b: '2' },
    ],
  },
  {
    name: 'values that are no strings are stored as their source text',
    source: 'value conversion',
    request: post(
      '{"__logs__":[{"i":7998,"f":1.50,"big":12345678901234567890,"e":1e999,"t":true,"n":null,"o":{ "a" : [1, "x y"] },"l":[ ]}]}',
    ),
    expect: { status: 200 },
    stored: [
      {
        ...PLAIN,
        i: '7998',
        f: '1.50',
        big: '12345678901234567890',
        e: '1e999',
        t: 'true',
        n: 'null',
        o: '{"a":[1,"x y"]}',
        l: '[]',
      },
    ],
  },
  {
    name: '__time__ is kept for what the client says if it can be a time, and the last of equal keys wins',
    source: 'PutWebtracking, __time__; duplicate keys',
    request: post(
      '{"__logs__":[{"__time__":1,"k":"v"},{"k":"1","__time__":"03/22 08:51:01","k":"2"},{"a":"1","__time__":{}}]}',
    ),
    expect: { status: 200 },
    stored: [
      { ...PLAIN, k: 'v', __client_time__: '1' },
      { ...PLAIN, k: '2', __client_time__: '03/22 08:51:01' },
      { ...PLAIN, a: '1' },
    ],
  },
  {
    name: 'empty logs and unknown top-level keys are skipped',
    source: 'empty entries; unknown top-level keys',
    request: post('{"id":1,"__logs__":[{},{"__time__":1},{"k":"v"},{}],"seq":{"x":[]},"\\u0069d":2}'),
    expect: { status: 200 },
    stored: [{ ...PLAIN, k: 'v' }],
  },
  {
    name: 'no logs at all is a success that stores nothing',
    source: 'empty __logs__',
    request: post('{"__logs__":[]}'),
    expect: { status: 200 },
  },
  {
    name: 'null tags, topic and source are absent ones',
    source: 'value conversion',
    request: post('{"__tags__":null,"__topic__":null,"__source__":null,"__logs__":[{"nulls":"1"}]}'),
    expect: { status: 200 },
    stored: [{ ...PLAIN, nulls: '1' }],
  },
  {
    name: 'a key of the form __tag__:x is a tag of its log',
    source: 'reserved keys',
    request: post('{"__logs__":[{"__tag__:page":"1","k":"a"},{"k":"b"}]}'),
    expect: { status: 200 },
    stored: [
      { ...PLAIN, '__tag__:page': '1', k: 'a' },
      { ...PLAIN, k: 'b' },
    ],
  },
  {
    name: 'any other key is a field, in any script',
    source: 'key names',
    request: post(
      '{"__logs__":[{"key-1":"a","a.b":"b","客户":"张三","__proto__":"p","constructor":"c"," ":"😀\\u0000"}]}',
    ),
    expect: { status: 200 },
    stored: [
      { ...PLAIN, 'key-1': 'a', 'a.b': 'b', 客户: '张三', ['__proto__']: 'p', constructor: 'c', ' ': '😀\u0000' },
    ],
  },
  {
    name: 'a topic over 128 bytes is cut at a character',
    source: 'limits: topic, source',
    request: post(`{"__topic__":"${'字'.repeat(50)}","__logs__":[{"k":"cut"}]}`),
    expect: { status: 200 },
    stored: [{ ...PLAIN, __topic__: '字'.repeat(42), k: 'cut' }],
  },
  {
    name: 'a body that is JSON text inside a JSON string is read',
    source: 'mini-programs that encode twice',
    request: post(JSON.stringify('{"__logs__":[{"twice":"1"}]}')),
    expect: { status: 200 },
    stored: [{ ...PLAIN, twice: '1' }],
  },
  {
    name: 'a byte order mark and white space around the body are skipped',
    source: 'which parser',
    request: post('\ufeff \r\n{\n "__logs__" : [ { "pretty" : "1" } ]\n}\n'),
    expect: { status: 200 },
    stored: [{ ...PLAIN, pretty: '1' }],
  },
  ...['application/x-www-form-urlencoded', 'application/x-protobuf', 'application/json', 'image/png', ''].map(
    (type): ApiCase => ({
      name: `the content type ${JSON.stringify(type)} does not choose the parser`,
      source: 'which parser',
      request: post(`{"__logs__":[{"type":${JSON.stringify(type)}}]}`, { 'content-type': type }),
      expect: { status: 200 },
      stored: [{ ...PLAIN, type }],
    }),
  ),
  {
    name: 'a rawsize that is not the real one is accepted for a plain body',
    source: 'js-sls-logger counts UTF-16 units',
    request: post('{"__logs__":[{"字":"数"}]}', { ...BY_HEADER, 'x-log-bodyrawsize': '0' }),
    expect: { status: 200 },
    stored: [{ ...PLAIN, 字: '数' }],
  },
  {
    name: 'a wrong signature on an anonymous call is ignored',
    source: 'OpenAPI SDKs sign it all the same',
    request: post('{"__logs__":[{"signed":"wrong"}]}', { authorization: 'LOG id:wrong', 'content-md5': '00' }),
    expect: { status: 200 },
    stored: [{ ...PLAIN, signed: 'wrong' }],
  },
  {
    name: 'a chunked body is accepted',
    source: 'OpenAPI SDK for Node',
    request: {
      method: 'POST',
      path: BY_QUERY,
      body: '{"__logs__":[{"chunked":"1"}]}',
      headers: { 'transfer-encoding': 'chunked' },
    },
    expect: { status: 200 },
    stored: [{ ...PLAIN, chunked: '1' }],
  },
  {
    name: 'the project may come in a header or in the query where the host names none',
    source: 'host resolution, our extension',
    request: { method: 'POST', path: `${BY_QUERY}&project=default`, body: '{"__logs__":[{"asked":"1"}]}' },
    expect: { status: 200 },
    stored: [{ ...PLAIN, asked: '1' }],
  },
  {
    name: 'exactly 4096 logs are accepted',
    source: 'limits',
    request: post(manyLogs(4096)),
    expect: { status: 200 },
    stored: Array(4096).fill({ ...PLAIN, many: '1' }),
  },
  {
    name: 'exactly 3 MB are accepted',
    source: 'limits',
    request: post(bodyOf(3 * 1024 * 1024)),
    expect: { status: 200 },
    stored: [JSON.parse(bodyOf(3 * 1024 * 1024)).__logs__[0]].map((log: Record<string, string>) => ({
      ...PLAIN,
      ...log,
    })),
  },
  {
    name: 'a key of 128 bytes is accepted',
    source: 'limits',
    request: post(`{"__logs__":[{"${'k'.repeat(128)}":"long"}]}`),
    expect: { status: 200 },
    stored: [{ ...PLAIN, ['k'.repeat(128)]: 'long' }],
  },

  // Compression.
  {
    name: 'an lz4 block is read',
    source: 'worked bytes',
    request: packed(
      'lz4',
      'f0097b225f5f746f7069635f5f223a2274222c225f5f6c6f67730f00fd085b7b22666f6f223a22626172222c226e223a2231227d2c1600602232227d5d7d',
    ),
    expect: { status: 200 },
    stored: WORKED_LOGS,
  },
  {
    name: 'an lz4 block of literals only is read',
    source: 'worked bytes',
    request: packed('LZ4', Buffer.concat([Buffer.from('f03b', 'hex'), Buffer.from(WORKED)])),
    expect: { status: 200 },
    stored: WORKED_LOGS,
  },
  {
    name: 'an lz4 block is read when its declared size counts UTF-16 units, far too few',
    source: 'js-sls-logger',
    request: packed('lz4', literals('{"__logs__":[{"字":"数数数数"}]}'), 24),
    expect: { status: 200 },
    stored: [{ ...PLAIN, 字: '数数数数' }],
  },
  {
    name: 'zlib is read as deflate, and bytes behind its end are ignored',
    source: 'compression',
    request: packed('deflate', Buffer.concat([deflateSync(WORKED), Buffer.from('xx')])),
    expect: { status: 200 },
    stored: WORKED_LOGS,
  },
  {
    name: 'raw deflate is read as deflate',
    source: 'compression',
    request: packed('deflate', deflateRawSync(WORKED)),
    expect: { status: 200 },
    stored: WORKED_LOGS,
  },
  {
    name: 'an empty compress type is none',
    source: 'compression',
    request: post('{"__logs__":[{"type":"none"}]}', { 'x-log-compresstype': '' }),
    expect: { status: 200 },
    stored: [{ ...PLAIN, type: 'none' }],
  },

  // Protobuf.
  {
    name: 'a protobuf log group is read, and its time kept for what the client says',
    source: 'which parser',
    request: post(logGroup(nowSeconds - 3600), PROTOBUF),
    expect: { status: 200 },
    stored: [{ __topic__: 't', __source__: 's', '__tag__:a': 'b', k: 'v', __client_time__: String(nowSeconds - 3600) }],
  },
  refused('a protobuf time of 0 is invalid', 'seed errors', post(logGroup(0), PROTOBUF), [
    'InvalidTimestamp',
    'Invalid timestamps are in logs.',
  ]),
  refused(
    'a protobuf time more than seven days old is out of range',
    'seed errors',
    post(logGroup(nowSeconds - 604_800 - 60), PROTOBUF),
    ['PostBodyInvalid', 'The post data time is out of range.'],
    499,
  ),
  refused(
    'a protobuf time more than fifteen minutes ahead is out of range',
    'seed errors',
    post(logGroup(nowSeconds + 900 + 60), PROTOBUF),
    ['PostBodyInvalid', 'The post data time is out of range.'],
    499,
  ),
  refused(
    'protobuf bytes without the label are what JSON makes of them',
    'which parser',
    post(logGroup(nowSeconds)),
    BAD_TEXT,
  ),

  // GET and images.
  {
    name: 'GET stores its parameters as the fields of one log',
    source: 'GET forms',
    request: get(`${BY_QUERY}&__topic__=t&key1=val1&key2=%E9%A6%96%E9%A1%B5+1&&empty&=x&key1=last`),
    expect: {
      status: 200,
      headers: { 'content-length': '0', 'cache-control': 'no-store', 'access-control-allow-origin': '*' },
    },
    stored: [{ ...PLAIN, __topic__: 't', key2: '首页 1', empty: '', key1: 'last' }],
  },
  {
    name: 'GET takes source and tags, and raw JSON that nobody encoded',
    source: 'GET forms',
    request: get(`${BY_QUERY}&__source__=s&__tag__:app=demo&json={"a":1}&percent=100%&__time__=5`),
    expect: { status: 200 },
    stored: [
      {
        __topic__: '',
        __source__: 's',
        '__tag__:app': 'demo',
        json: '{"a":1}',
        percent: '100%',
        __client_time__: '5',
      },
    ],
  },
  {
    name: 'track.gif answers the image',
    source: 'GET forms',
    request: get('/logstores/{logstore}/track.gif?APIVersion=0.6.0&img=1'),
    expect: {
      status: 200,
      body: GIF,
      headers: { 'content-type': 'image/gif', 'content-length': '43', 'cache-control': 'no-store' },
    },
    stored: [{ ...PLAIN, img: '1' }],
  },
  {
    name: 'track_ua.gif adds user agent and referer',
    source: 'GET forms',
    request: get('/logstores/{logstore}/track_ua.gif?APIVersion=0.6.0&img=2', {
      'user-agent': 'Mozilla/5.0 (X11)',
      referer: 'https://shop.test/a?b=c',
    }),
    expect: { status: 200, body: GIF },
    stored: [{ ...PLAIN, img: '2', __userAgent__: 'Mozilla/5.0 (X11)', __referer__: 'https://shop.test/a?b=c' }],
  },
  {
    name: 'a field of the client wins over what track_ua.gif adds, and absent headers are empty',
    source: 'GET forms',
    request: get('/logstores/{logstore}/track_ua.gif?APIVersion=0.6.0&__userAgent__=mine', { 'user-agent': null }),
    expect: { status: 200, body: GIF },
    stored: [{ ...PLAIN, __userAgent__: 'mine', __referer__: '' }],
  },
  {
    name: 'a bare pixel is answered and stores nothing',
    source: 'GET forms',
    request: get('/logstores/{logstore}/track.gif?APIVersion=0.6.0'),
    expect: { status: 200, body: GIF },
  },
  {
    name: 'HEAD answers as GET and stores nothing',
    source: 'GET forms',
    request: { method: 'HEAD', path: `${BY_QUERY}&head=1` },
    expect: { status: 200, headers: { 'content-length': '0' } },
  },
  refused('GET refuses a query over 16 KB', 'limits', get(`${BY_QUERY}&k=${'x'.repeat(16_384)}`), TOO_LARGE),
  refused('GET refuses bytes that are not UTF-8', 'GET forms', get(`${BY_QUERY}&k=%ff`), BAD_TEXT),
  refused('GET refuses a reserved key', 'reserved keys', get(`${BY_QUERY}&__partition_time__=1`), BAD_KEY),
  refused('the image form refuses with JSON, too', 'responses', get('/logstores/{logstore}/track.gif?k=v'), [
    'MissingAPIVersion',
    'x-log-apiversion does not exist in http header.',
  ]),

  // Preflight.
  {
    name: 'a preflight is answered with what it asks for',
    source: 'CORS',
    request: {
      method: 'OPTIONS',
      path: TRACK,
      headers: {
        origin: 'http://shop.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-log-apiversion,x-log-bodyrawsize',
      },
    },
    expect: {
      status: 200,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, POST, HEAD, PUT, DELETE, OPTIONS',
        'access-control-allow-headers': 'content-type,x-log-apiversion,x-log-bodyrawsize',
        'access-control-max-age': '86400',
        vary: 'Access-Control-Request-Headers',
        'content-length': '0',
      },
    },
  },
  {
    name: 'a preflight looks nothing up',
    source: 'CORS',
    request: { method: 'OPTIONS', path: '/logstores/no-such/track', headers: { host: 'no-such.log.example.com' } },
    expect: { status: 200 },
  },

  // Errors, in the order of the checks. Each request would also fail the checks behind the one that is named.
  refused(
    'an unknown path',
    'checks 1',
    { method: 'POST', path: '/logstores/{logstore}/tracks' },
    ['NotFound', 'The requested path does not exist: /logstores/web/tracks'],
    404,
  ),
  refused(
    'a trailing slash',
    'checks 1',
    { method: 'POST', path: '/logstores/{logstore}/track/' },
    ['NotFound', 'The requested path does not exist: /logstores/web/track/'],
    404,
  ),
  refused(
    'a wrong method',
    'checks 1',
    { method: 'PUT', path: TRACK, body: '{' },
    ['InvalidMethod', 'invalid request method: /logstores/web/track'],
    405,
  ),
  refused(
    'POST to the image',
    'checks 1',
    { method: 'POST', path: '/logstores/{logstore}/track.gif', body: '{' },
    ['InvalidMethod', 'invalid request method: /logstores/web/track.gif'],
    405,
  ),
  refused('no version', 'checks 3', { method: 'POST', path: '/logstores/no-such/track', body: '{' }, [
    'MissingAPIVersion',
    'x-log-apiversion does not exist in http header.',
  ]),
  refused(
    'an unknown version',
    'checks 3',
    { method: 'POST', path: '/logstores/no-such/track?APIVersion=0.7.0', body: '{' },
    ['InvalidAPIVersion', 'x-log-apiversion 0.7.0 is unsupported.'],
  ),
  refused(
    'the version in the header wins',
    'checks 3',
    { method: 'POST', path: BY_QUERY, headers: { ...BY_HEADER, 'x-log-apiversion': '1' }, body: '{' },
    ['InvalidAPIVersion', 'x-log-apiversion 1 is unsupported.'],
  ),
  refused(
    'an unknown project',
    'checks 4',
    {
      method: 'POST',
      path: '/logstores/no-such/track?APIVersion=0.6.0',
      headers: { host: 'no-such.log.example.com' },
      body: '{',
    },
    ['ProjectNotExist', 'The Project does not exist : no-such.'],
    404,
  ),
  refused(
    'an unknown logstore',
    'checks 5',
    {
      method: 'POST',
      path: '/logstores/no-such/track?APIVersion=0.6.0',
      headers: { 'x-log-compresstype': 'zip' },
      body: '{',
    },
    ['LogStoreNotExist', 'logstore no-such does not exist.'],
    404,
  ),
  refused(
    'web tracking switched off',
    'checks 6',
    {
      method: 'POST',
      path: '/logstores/closed/track?APIVersion=0.6.0',
      headers: { 'x-log-compresstype': 'zip' },
      body: '{',
    },
    ['Unauthorized', 'The logstore closed does not allow anonymous write by web tracking api.'],
    401,
  ),
  refused(
    'web tracking switched off, by GET',
    'checks 6',
    get('/logstores/closed/track?APIVersion=0.6.0&k=v'),
    ['Unauthorized', 'The logstore closed does not allow anonymous write by web tracking api.'],
    401,
  ),
  ...['gzip', 'zstd', 'br', 'zip'].map((type) =>
    refused(
      `compress type ${type}`,
      'checks 9',
      { ...packed(type, 'ff'), headers: { 'x-log-compresstype': type, 'x-log-apiversion': '0.6.0' } },
      ['InvalidCompressType', `x-log-compresstype ${type} is unsupported.`],
    ),
  ),
  refused(
    'no rawsize beside a version in the header',
    'checks 10',
    { method: 'POST', path: TRACK, headers: { 'x-log-apiversion': '0.6.0' }, body: '{' },
    ['MissingBodyRawSize', 'x-log-bodyrawsize does not exist in header when it is necessary.'],
  ),
  refused(
    'no rawsize beside a compress type',
    'checks 10',
    { method: 'POST', path: BY_QUERY, headers: { 'x-log-compresstype': 'lz4' }, body: '{' },
    ['MissingBodyRawSize', 'x-log-bodyrawsize does not exist in header when it is necessary.'],
  ),
  ...['-1', '1.5', 'abc', '0x10', ' ', '9'.repeat(30)].map((size) =>
    refused(
      `a rawsize of ${JSON.stringify(size)}`,
      'checks 10',
      { method: 'POST', path: BY_QUERY, headers: { 'x-log-bodyrawsize': size }, body: '{' },
      size.trim() === '' ? INVALID : ['InvalidBodyRawSize', 'x-log-bodyrawsize is invalid.'],
    ),
  ),
  refused('a declared size over 3 MB', 'checks 10', packed('lz4', 'ffffffff', 3_145_729), TOO_LARGE),
  refused('a body over 3 MB on the wire', 'checks 11', post(Buffer.alloc(3_145_728 + 65_537, '{')), TOO_LARGE),
  refused(
    'a chunked body over 3 MB on the wire',
    'checks 11',
    post(Buffer.alloc(3_145_728 + 65_537, '{'), { 'transfer-encoding': 'chunked' }),
    TOO_LARGE,
  ),
  refused('bytes that are no lz4', 'checks 12', packed('lz4', 'ffffffff', 10), BAD_PACK),
  refused('bytes that are no deflate', 'checks 12', packed('deflate', 'ffffffff', 10), BAD_PACK),
  refused('an empty lz4 body', 'checks 12', packed('lz4', Buffer.alloc(0), 10), BAD_PACK),
  refused('an empty deflate body', 'checks 12', packed('deflate', Buffer.alloc(0), 10), BAD_PACK),
  refused('an lz4 block with an offset before its start', 'checks 12', packed('lz4', '1061ffff', 100), BAD_PACK),
  refused('a body of 3 MB and one byte', 'checks 13', post(bodyOf(3_145_729)), TOO_LARGE),
  refused('a deflate bomb', 'checks 13', packed('deflate', deflateSync(Buffer.alloc(50_000_000, ' ')), 100), TOO_LARGE),
  refused('an lz4 bomb', 'checks 13', packed('lz4', lz4Bomb(), 100), TOO_LARGE),
  refused(
    'a byte that is not UTF-8',
    'checks 14',
    post(Buffer.from('7b225f5f6c6f67735f5f223a5b7b2261223a22ff227d5d7d', 'hex')),
    BAD_TEXT,
  ),
  refused(
    'GBK text',
    'checks 14',
    post(Buffer.concat([Buffer.from('{"__logs__":[{"a":"'), Buffer.from('d6d0cec4', 'hex'), Buffer.from('"}]}')])),
    BAD_TEXT,
  ),
  refused(
    'an encoded surrogate',
    'checks 14',
    post(Buffer.concat([Buffer.from('{"__logs__":[{"a":"'), Buffer.from('eda080', 'hex'), Buffer.from('"}]}')])),
    BAD_TEXT,
  ),
  ...[
    '',
    '{',
    '{"__logs__":[{"a":"1"}',
    '[]',
    '{}',
    'null',
    '"text"',
    '{"__logs__":"x"}',
    '{"__logs__":{}}',
    '{"__logs__":[1]}',
    '{"__logs__":[[]]}',
    '{"__logs__":[{"":"syntax wins over the key"}],}',
    '{"__logs__":[{"k":"v"}],"__tags__":[]}',
    '{"__logs__":[{"k":"v"}],"__tags__":"x"}',
    '{"__logs__":[{"k":"v"}]}x',
    '{"__logs__":[{"k":"v"}]} {}',
    '{"__logs__":[{"k":01}]}',
    '{"__logs__":[{"k":NaN}]}',
    '{"__logs__":[{"k":"\u0001"}]}',
    "{'__logs__':[{'k':'v'}]}",
    `{"__logs__":[{"k":${'['.repeat(1_400_000)}`,
  ].map((body) => refused(`the body ${JSON.stringify(body.slice(0, 60))}`, 'checks 15', post(body), INVALID)),
  refused('4097 logs', 'checks 16', post(manyLogs(4097)), TOO_LARGE),
  refused('4097 logs of which one has a bad key', 'checks 16', post(manyLogs(4097).replace('many', '')), TOO_LARGE),
  ...[
    '',
    'k'.repeat(129),
    '字'.repeat(43),
    '\\u0000',
    'a\\nb',
    '__source__',
    '__topic__',
    '__partition_time__',
    '_extract_others_',
    '__extract_others__',
    '__s\\u006furce__',
  ].map((key) =>
    refused(
      `the key ${JSON.stringify(key.slice(0, 20))}`,
      'checks 17',
      post(`{"__logs__":[{"ok":"1"},{"${key}":"v"}]}`),
      BAD_KEY,
    ),
  ),
  refused('half a surrogate pair', 'checks 17', post('{"__logs__":[{"a":"\\ud800"}]}'), BAD_TEXT),
  refused('half a surrogate pair in a key', 'checks 17', post('{"__logs__":[{"\\udc00":"a"}]}'), BAD_TEXT),
  refused('the first bad log decides', 'checks 17', post('{"__logs__":[{"a":"\\ud800"},{"":"v"}]}'), BAD_TEXT),
  refused('a value over 1 MB', 'checks 17', post(`{"__logs__":[{"k":"${'x'.repeat(1_048_577)}"}]}`), TOO_LARGE),
  refused(
    '100,000 keys in one log',
    'limits',
    post(`{"__logs__":[{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":""`).join(',')}}]}`),
    TOO_LARGE,
  ),
  refused(
    'tags that are too large for so many logs',
    'limits, our own: every row has the tags',
    post(`{"__tags__":{"t":"${'x'.repeat(8192)}"},"__logs__":${manyLogs(4096).slice(12)}`),
    TOO_LARGE,
  ),
  {
    name: 'large tags of a few logs are accepted',
    source: 'limits, our own: every row has the tags',
    request: post(`{"__tags__":{"t":"${'x'.repeat(500_000)}"},"__logs__":[{"k":"large tags"}]}`),
    expect: { status: 200 },
    stored: [{ ...PLAIN, '__tag__:t': 'x'.repeat(500_000), k: 'large tags' }],
  },
  refused('a bad tag key', 'checks 18', post('{"__logs__":[{"k":"v"}],"__tags__":{"":"v"}}'), BAD_KEY),
];

/** An lz4 block without matches. */
function literals(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 15) return Buffer.concat([Buffer.from([bytes.length << 4]), bytes]);
  const lengths: number[] = [];
  let rest = bytes.length - 15;
  for (; rest >= 255; rest -= 255) lengths.push(255);
  return Buffer.concat([Buffer.from([0xf0, ...lengths, rest]), bytes]);
}

/** A block of some 200 KB that claims to be 50 MB: one literal, repeated. */
function lz4Bomb(): Buffer {
  const lengths = Buffer.alloc(200_000, 255);
  return Buffer.concat([
    Buffer.from([0x1f, 0x20, 0x01, 0x00]),
    lengths,
    Buffer.from([0x00, 0x50]),
    Buffer.from('aaaaa'),
  ]);
}
