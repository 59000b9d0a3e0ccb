/** PutLogs, case by case: its routes, forms and encodings, and every error. */
import { createHash } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { compressSync } from 'lz4-napi';
import { encodeLogGroup, field, fixed32, pair, time } from '../support/protobuf.js';
import type { SignedCase } from './case.js';

const LB = '/logstores/{logstore}/shards/lb';
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** When the cases are played, in Unix seconds. */
export const NOW = Math.floor(Date.now() / 1000);

const WORKED = encodeLogGroup({
  logs: [
    { time: NOW - 60, contents: { foo: 'bar', n: '1' } },
    { time: NOW - 50, nanoseconds: 5, contents: { foo: 'bar', n: '2' } },
  ],
  topic: 't',
  source: '192.0.2.1',
  tags: { a: 'b' },
});
const GROUP = { __topic__: 't', __source__: '192.0.2.1', '__tag__:a': 'b' };
const WORKED_LOGS = [
  { ...GROUP, foo: 'bar', n: '1' },
  { ...GROUP, foo: 'bar', n: '2' },
];
/** What a log has when the group says nothing of itself. */
const PLAIN = { __topic__: '', __source__: '127.0.0.1' };

const INVALID = ['PostBodyInvalid', 'Protobuffer content cannot be parsed.'] as const;
const BAD_TIME = ['InvalidTimestamp', 'Invalid timestamps are in logs.'] as const;
const FAR_TIME = ['PostBodyInvalid', 'The post data time is out of range'] as const;
const BAD_KEY = ['InvalidKey', 'Invalid keys are in logs.'] as const;
const BAD_TEXT = ['InvalidEncoding', 'Non-UTF8 characters are in logs.'] as const;
const BAD_PACK = ['PostBodyUncompressError', 'Failed to decompress logs.'] as const;
const TOO_LARGE = ['PostBodyTooLarge', 'Logs must be less than or equal to 10 MB and 512000 entries.'] as const;

function post(body: Buffer | string, headers: Record<string, string> = PROTOBUF, path = LB): SignedCase['request'] {
  return { method: 'POST', path, body, headers: { 'x-log-bodyrawsize': String(Buffer.byteLength(body)), ...headers } };
}

function packed(type: string, body: Buffer, rawSize: number | string = WORKED.length): SignedCase['request'] {
  return post(body, { ...PROTOBUF, 'x-log-compresstype': type, 'x-log-bodyrawsize': String(rawSize) });
}

const lz4 = (raw: Buffer) => compressSync(raw).subarray(4); // without the size it puts in front

function stored(
  name: string,
  source: string,
  request: SignedCase['request'],
  logs: SignedCase['stored'] = WORKED_LOGS,
  more: Partial<SignedCase> = {},
): SignedCase {
  return { name, source, request, expect: { status: 200, headers: { 'content-length': '0' } }, stored: logs, ...more };
}

function refused(
  name: string,
  source: string,
  request: SignedCase['request'],
  error: readonly [string, string],
  status = 400,
  more: Partial<SignedCase> = {},
): SignedCase {
  return { name, source, request, expect: { status, error }, ...more };
}

const one = (seconds: number, ...contents: [string | Buffer, string | Buffer][]) =>
  field(1, Buffer.concat([time(seconds), ...contents.map(([key, value]) => field(2, pair(key, value)))]));

const logAt = (seconds: number) => post(one(seconds, ['a', '1']));
const jsonAt = (value: unknown) => post(JSON.stringify({ __logs__: [{ a: '1', __time__: value }] }), JSON_TYPE);

export const PUT_LOGS_CASES: readonly SignedCase[] = [
  stored('a log group', 'PutLogs', post(WORKED)),
  stored('signed with hmac-sha256', '03 signing', post(WORKED), WORKED_LOGS, { scheme: 'hmac-sha256' }),
  stored('signed with v4', '03 signing', post(WORKED), WORKED_LOGS, { scheme: 'v4' }),
  stored('by hash key', 'KeyHash mode', post(WORKED, PROTOBUF, '/logstores/{logstore}/shards/route?key=5F')),
  stored('without a shard, as the Go SDK', 'Go SDK', post(WORKED, PROTOBUF, '/logstores/{logstore}')),
  stored('with a bare question mark, as the Node SDK', 'Node SDK', post(WORKED, PROTOBUF, `${LB}?`)),
  stored('a processor is ignored', 'newer documents', post(WORKED, PROTOBUF, `${LB}?processor=p`)),
  stored('lz4', 'x-log-compresstype', packed('lz4', lz4(WORKED))),
  stored('deflate as zlib', 'Java SDK', packed('deflate', deflateSync(WORKED))),
  stored('deflate as raw', 'documents', packed('DEFLATE', deflateRawSync(WORKED))),
  stored('gzip as gzip', 'OpenAPI SDK', packed('gzip', gzipSync(WORKED))),
  stored('gzip as zlib', 'OpenAPI SDK', packed('gzip', deflateSync(WORKED))),
  stored(
    'no bodyrawsize on a plain body',
    'PutLogs',
    { method: 'POST', path: LB, body: WORKED, headers: PROTOBUF },
    WORKED_LOGS,
  ),
  stored('octets', 'OpenAPI SDK', post(WORKED, { 'content-type': 'application/octet-stream' })),
  stored('the last of a key that a log has twice', 'ours', post(one(NOW, ['a', '1'], ['b', '2'], ['a', '3'])), [
    { ...PLAIN, a: '3', b: '2' },
  ]),
  stored('a tag of one log', 'ours', post(one(NOW, ['a', '1'], ['__tag__:x', 'y'])), [
    { ...PLAIN, a: '1', '__tag__:x': 'y' },
  ]),
  stored('a group without logs', 'ours', post(field(3, 't')), []),
  stored('nothing at all', 'ours', post(''), []),
  stored('seven days old', 'time window', logAt(NOW - 604_700), [{ ...PLAIN, a: '1' }]),
  stored('a quarter of an hour ahead', 'time window', logAt(NOW + 800), [{ ...PLAIN, a: '1' }]),

  stored(
    'JSON of the STS plugin of browsers',
    'web-sts-plugin',
    post(
      `{"__logs__":[{"a":"张","n":1,"__time__":${NOW - 5}}],"__topic__":"t","__tags__":{"app":"x"}}`,
      { ...JSON_TYPE, 'x-log-bodyrawsize': '3' },
      '/logstores/{logstore}',
    ),
    [{ ...PLAIN, __topic__: 't', '__tag__:app': 'x', a: '张', n: '1' }],
  ),
  stored('JSON without a time', 'web-sts-plugin', post('{"__logs__":[{"a":"1"}]}', JSON_TYPE), [{ ...PLAIN, a: '1' }]),
  stored('JSON with a time as text', 'ours', jsonAt(String(NOW)), [{ ...PLAIN, a: '1' }]),
  refused('JSON with time 0', 'InvalidTimestamp', jsonAt(0), BAD_TIME),
  refused('JSON with a time in milliseconds', 'InvalidTimestamp', jsonAt(NOW * 1000), BAD_TIME),
  refused('JSON with a fraction of a second', 'InvalidTimestamp', jsonAt(NOW + 0.5), BAD_TIME),
  refused('JSON with a date', 'InvalidTimestamp', jsonAt('03/22 08:51:01'), BAD_TIME),
  refused('JSON too old', 'time window', jsonAt(NOW - 605_000), FAR_TIME),
  refused('no JSON', 'PostBodyInvalid', post('{"__logs__":', JSON_TYPE), INVALID),
  refused('JSON that is not UTF-8', 'InvalidEncoding', post(Buffer.from('7b22ff227d', 'hex'), JSON_TYPE), BAD_TEXT),

  refused('no protobuf', 'PostBodyInvalid', post('{"__logs__":[]}'), INVALID),
  refused('a log without a time', 'PostBodyInvalid', post(field(1, field(2, pair('a', '1')))), INVALID),
  refused('a log without contents', 'PostBodyInvalid', post(field(1, time(NOW))), INVALID),
  refused('time 0', 'InvalidTimestamp', logAt(0), BAD_TIME),
  refused(
    'a second of nanoseconds',
    'InvalidTimestamp',
    post(field(1, Buffer.concat([time(NOW), field(2, pair('a', '1')), fixed32(4, 1_000_000_000)]))),
    BAD_TIME,
  ),
  refused('more than seven days old', 'time window', logAt(NOW - 605_000), FAR_TIME),
  refused('more than a quarter of an hour ahead', 'time window', logAt(NOW + 1_000), FAR_TIME),
  refused(
    'one bad time among good ones',
    'all or nothing',
    post(Buffer.concat([one(NOW, ['a', '1']), one(0, ['a', '2'])])),
    BAD_TIME,
  ),
  refused('a value that is not UTF-8', 'InvalidEncoding', post(one(NOW, ['a', Buffer.from('ff', 'hex')])), BAD_TEXT),
  refused('an empty key', 'InvalidKey', post(one(NOW, ['', '1'])), BAD_KEY),
  refused('a reserved key', 'InvalidKey', post(one(NOW, ['__topic__', '1'])), BAD_KEY),
  refused('a key of 129 bytes', 'InvalidKey', post(one(NOW, ['k'.repeat(129), '1'])), BAD_KEY),
  refused('a value over 1 MB', 'PostBodyTooLarge', post(one(NOW, ['a', 'v'.repeat(1_048_577)])), TOO_LARGE),
  refused(
    'a body over 10 MB',
    'PostBodyTooLarge',
    packed('lz4', lz4(Buffer.alloc(10 * 1024 * 1024 + 1)), 10 * 1024 * 1024 + 1),
    TOO_LARGE,
  ),
  refused(
    'a body that escapes would make longer than a line may be',
    'docs/spool-format.md',
    packed(
      'lz4',
      lz4(one(NOW, ...Array.from({ length: 6 }, (_, n) => [`k${n}`, '\u0001'.repeat(1_000_000)] as [string, string]))),
      one(NOW, ...Array.from({ length: 6 }, (_, n) => [`k${n}`, '\u0001'.repeat(1_000_000)] as [string, string]))
        .length,
    ),
    TOO_LARGE,
  ),
  refused('no lz4', 'PostBodyUncompressError', packed('lz4', Buffer.from('ffffffff', 'hex'), 10), BAD_PACK),
  refused('an empty body of lz4', 'PostBodyUncompressError', packed('lz4', Buffer.alloc(0), 10), BAD_PACK),
  refused('lz4 of another size', 'PostBodyUncompressError', packed('lz4', lz4(WORKED), WORKED.length + 1), BAD_PACK),
  refused('an unknown compression', 'InvalidCompressType', packed('snappy', WORKED), [
    'InvalidCompressType',
    'x-log-compresstype snappy is unsupported.',
  ]),
  refused(
    'a compressed body without its size',
    'MissingBodyRawSize',
    post(lz4(WORKED), { ...PROTOBUF, 'x-log-compresstype': 'lz4', 'x-log-bodyrawsize': '' }),
    ['MissingBodyRawSize', 'x-log-bodyrawsize does not exist in header when it is necessary.'],
  ),
  refused('a size that is none', 'InvalidBodyRawSize', post(WORKED, { ...PROTOBUF, 'x-log-bodyrawsize': '-1' }), [
    'InvalidBodyRawSize',
    'x-log-bodyrawsize is invalid.',
  ]),
  refused('no Content-Type', 'MissingContentType', post(WORKED, {}), [
    'MissingContentType',
    'Content-Type does not exist in http header when body is not empty.',
  ]),
  refused(
    'another Content-Type',
    'InvalidContentType',
    post(WORKED, { 'content-type': 'text/html' }),
    ['InvalidContentType', 'Content-Type text/html is unsupported.'],
    415,
  ),
  refused(
    'a body that is not the one of Content-MD5',
    'Content-MD5',
    post(WORKED, { ...PROTOBUF, 'content-md5': createHash('md5').update('other').digest('hex').toUpperCase() }),
    ['ParameterInvalid', 'Content-MD5 does not match the request body.'],
  ),
  refused(
    'a hash key that is none',
    'KeyHash mode',
    post(WORKED, PROTOBUF, '/logstores/{logstore}/shards/route?key=xyz'),
    ['ParameterInvalid', 'invalid hash key xyz'],
  ),
  refused(
    'an unknown logstore',
    'LogStoreNotExist',
    post(WORKED, PROTOBUF, '/logstores/nope/shards/lb'),
    ['LogStoreNotExist', 'logstore nope does not exist.'],
    404,
  ),
  refused(
    'an unknown project',
    'ProjectNotExist',
    post(WORKED),
    ['ProjectNotExist', 'The Project does not exist : nowhere.'],
    404,
    { host: 'nowhere.log.example.com' },
  ),
  refused(
    'an unknown project by a stranger: who has no key does not learn it',
    '03 order',
    post(WORKED),
    ['MissAccessKeyId', 'x-log-accesskeyid does not exist in header.'],
    400,
    { host: 'nowhere.log.example.com', altered: { authorization: null } },
  ),
  refused(
    'metric stores',
    'out of scope',
    post(WORKED, PROTOBUF, '/prometheus/default/web/api/v1/write'),
    ['NotFound', 'The requested path does not exist: /prometheus/default/web/api/v1/write'],
    404,
  ),
];
