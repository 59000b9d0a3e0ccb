/** Bodies that are made to cost more than they are worth, or to be stored as something else than was sent. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { compressSync } from 'lz4-napi';
import { bodyOf, chunked, post, TRACK } from './requests.js';

export interface BodyCase {
  readonly name: string;
  readonly request: Buffer;
  /** A status, and the code of an error. */
  readonly answer: string;
  /** Without what every log has that says nothing of itself. */
  readonly stored?: readonly Readonly<Record<string, string>>[];
}

const RAW_BYTES_MAX = 3 * 1024 * 1024;
const MB = 1024 * 1024;

const INVALID = '400 PostBodyInvalid';
const TOO_LARGE = '400 PostBodyTooLarge';
const BAD_TEXT = '400 InvalidEncoding';
const BAD_KEY = '400 InvalidKey';
const BAD_PACK = '400 PostBodyUncompressError';

function plain(name: string, answer: string, body: string | Buffer): BodyCase {
  return { name, answer, request: post(body) };
}

function packed(name: string, answer: string, type: string, body: Buffer, rawSize: number | string): BodyCase {
  const headers = [`x-log-compresstype: ${type}`, `x-log-bodyrawsize: ${rawSize}`];
  return { name, answer, request: post(body, { headers }) };
}

/** One log with one field. */
const log = (key: string, value: string) => `{"__logs__":[{${key}:${value}}]}`;
/** As long as a body may be, so that its scan takes as long as it can. */
const longest = (before: string, unit: string, after: string) =>
  before + unit.repeat(Math.floor((RAW_BYTES_MAX - before.length - after.length) / Buffer.byteLength(unit))) + after;
const bytes = (hex: string) =>
  Buffer.concat([Buffer.from('{"__logs__":[{"k":"'), Buffer.from(hex, 'hex'), Buffer.from('"}]}')]);
/** A raw block: without the size that the library puts in front. */
const lz4 = (text: string | Buffer) => compressSync(Buffer.from(text)).subarray(4);
const keys = (count: number, key: (i: number) => string) =>
  `{"__logs__":[{${Array.from({ length: count }, (_, i) => `"${key(i)}":""`).join(',')}}]}`;

/** A block of 200 KB that says it is 50 MB: one byte, repeated. */
const LZ4_BOMB = Buffer.concat([
  Buffer.from('1f200100', 'hex'),
  Buffer.alloc(200_000, 255),
  Buffer.from('00506161616161', 'hex'),
]);
/** 64 KB that inflate to 64 MB. */
const ZLIB_BOMB = deflateSync(Buffer.alloc(64 * MB, ' '), { level: 9 });
const RAW_BOMB = deflateRawSync(Buffer.alloc(64 * MB, '['), { level: 9 });
const GOOD = bodyOf('x');

export const BODY_CASES: readonly BodyCase[] = [
  // Bombs.
  packed('an lz4 bomb', TOO_LARGE, 'lz4', LZ4_BOMB, RAW_BYTES_MAX),
  packed('an lz4 bomb that says it is small', TOO_LARGE, 'lz4', LZ4_BOMB, 10),
  packed('a zlib bomb', TOO_LARGE, 'deflate', ZLIB_BOMB, 10),
  packed('a raw deflate bomb', TOO_LARGE, 'deflate', RAW_BOMB, RAW_BYTES_MAX),
  packed(
    'a bomb in a bomb',
    TOO_LARGE,
    'deflate',
    deflateSync(ZLIB_BOMB.subarray(0, 1000).toString('hex').repeat(2000)),
    10,
  ),
  packed('3 MB of spaces, compressed', INVALID, 'deflate', deflateSync(' '.repeat(RAW_BYTES_MAX)), 10),
  packed('3 MB of brackets, compressed', INVALID, 'lz4', lz4('['.repeat(RAW_BYTES_MAX)), RAW_BYTES_MAX),

  // What is no compressed body.
  packed('lz4 of nothing', BAD_PACK, 'lz4', Buffer.alloc(0), 10),
  packed('lz4 of noise', BAD_PACK, 'lz4', Buffer.alloc(100_000, 0xfe), 100_000),
  packed('an lz4 match before the start', BAD_PACK, 'lz4', Buffer.from('1f61ffff00506161616161', 'hex'), 100),
  packed('an lz4 match at distance 0', BAD_PACK, 'lz4', Buffer.from('1f610000ff00506161616161', 'hex'), 300),
  packed('an lz4 block cut short', BAD_PACK, 'lz4', lz4(longest('', 'ab', '')).subarray(0, -7), RAW_BYTES_MAX),
  packed('an lz4 frame', BAD_PACK, 'lz4', Buffer.concat([Buffer.from('04224d1864', 'hex'), lz4(GOOD)]), GOOD.length),
  packed('a zlib stream cut short', BAD_PACK, 'deflate', deflateSync(GOOD).subarray(0, -6), GOOD.length),
  packed(
    'a zlib stream with a wrong checksum',
    BAD_PACK,
    'deflate',
    Buffer.concat([deflateSync(GOOD).subarray(0, -1), Buffer.from([1])]),
    5,
  ),
  packed('gzip labelled deflate', BAD_PACK, 'deflate', gzipSync(GOOD), GOOD.length),
  packed('plain JSON labelled lz4', BAD_PACK, 'lz4', Buffer.from(GOOD), GOOD.length),

  // Lies about the size.
  packed('an lz4 raw size of 0', '200', 'lz4', lz4(log('"lie"', '"zero"')), 0),
  packed('an lz4 raw size far too large', '200', 'lz4', lz4(log('"lie"', '"large"')), RAW_BYTES_MAX),
  packed('an lz4 raw size far too small', '200', 'lz4', lz4(log('"lie"', '"small"')), 1),
  packed('a deflate raw size far too small', '200', 'deflate', deflateSync(log('"lie"', '"deflate"')), 1),
  packed('a raw size beyond the limit', TOO_LARGE, 'lz4', lz4(GOOD), RAW_BYTES_MAX + 1),
  ...['-1', '1e3', '0x10', '1.5', 'NaN', '9'.repeat(400), '10, 10', '+1', '١'].map((size) =>
    packed(`the raw size ${size.slice(0, 10)}`, '400 InvalidBodyRawSize', 'lz4', lz4(GOOD), size),
  ),
  {
    name: 'no raw size',
    answer: '400 MissingBodyRawSize',
    request: post(GOOD, { headers: ['x-log-compresstype: lz4'] }),
  },

  // More than can be held.
  plain('3 MB and a byte', TOO_LARGE, longest('{"__logs__":[]', ' ', '}').padEnd(RAW_BYTES_MAX + 1)),
  plain('more than may be on the wire', TOO_LARGE, 'x'.repeat(4 * MB)),
  {
    name: 'the same in chunks',
    answer: TOO_LARGE,
    request: post(chunked(...Array(64).fill('x'.repeat(65_536))), { headers: ['Transfer-Encoding: chunked'] }),
  },
  plain('a million logs', TOO_LARGE, longest('{"__logs__":[{}', ',{}', ']}')),
  plain('4097 logs', TOO_LARGE, `{"__logs__":[${Array(4097).fill('{"a":""}').join(',')}]}`),
  plain('a value over 1 MB', TOO_LARGE, log('"k"', `"${'x'.repeat(MB + 1)}"`)),
  plain(
    '100,000 keys',
    TOO_LARGE,
    keys(100_000, (i) => `key-${i}`),
  ),
  plain(
    '280,000 keys',
    TOO_LARGE,
    keys(280_000, (i) => i.toString(36)),
  ),
  plain(
    '100,000 keys that differ in their last byte or first',
    TOO_LARGE,
    keys(100_000, (i) => `${i % 10}${'k'.repeat(10)}${i}`),
  ),
  plain('100,000 tags', TOO_LARGE, `{"__logs__":[],"__tags__":${keys(100_000, (i) => `t${i}`).slice(13, -2)}}`),
  plain('500,000 fields of one name', TOO_LARGE, longest('{"__logs__":[{"k":""', ',"k":""', '}]}')),

  // Nesting.
  plain('1.4 million brackets', INVALID, `{"__logs__":[{"k":${'['.repeat(1_400_000)}`),
  plain('1.4 million brackets, closed', INVALID, log('"k"', '['.repeat(1_400_000) + ']'.repeat(1_400_000))),
  plain('500,000 objects in one another', INVALID, longest('{"__logs__":[{"k":', '{"k":', '')),
  plain('nesting where nobody looks', INVALID, `{"ignored":${'['.repeat(65)}${']'.repeat(65)},"__logs__":[]}`),
  plain('nesting in a tag', INVALID, longest('{"__logs__":[],"__tags__":{"k":', '[', '')),
  plain('JSON in a string in a string', INVALID, JSON.stringify(JSON.stringify(JSON.stringify(GOOD)))),

  // The slowest to read.
  plain('3 MB of escapes, then an error', INVALID, longest('{"__logs__":[{"k":"', '\\u0041', '"}],]')),
  plain('3 MB of one number', TOO_LARGE, longest('{"__logs__":[{"k":', '1', '}]}')),
  plain('3 MB of white space', INVALID, longest('{', ' \n\t', '')),
  plain('3 MB of empty arrays', INVALID, longest('{"__logs__":[{"k":[', '[],', '1}]}')),
  plain('3 MB of backslashes', INVALID, longest('{"__logs__":[{"k":"', '\\\\', '')),
  plain('3 MB of an unknown key over and over', INVALID, longest('{', '"x":0,', '')),
  plain('3 MB of logs with an error at the end', INVALID, longest('{"__logs__":[{}', ',{}', '')),

  // What is no JSON, or no text.
  plain('a NUL in a value', INVALID, log('"k"', '"\0"')),
  plain('NULs', INVALID, Buffer.alloc(1000)),
  plain('GBK', BAD_TEXT, bytes('d6d0cec4')),
  plain('UTF-16', INVALID, Buffer.from(GOOD, 'utf16le')),
  plain('an overlong slash', BAD_TEXT, bytes('c0af')),
  plain('an overlong NUL', BAD_TEXT, bytes('c080')),
  plain('an encoded surrogate', BAD_TEXT, bytes('eda080')),
  plain('a code point beyond Unicode', BAD_TEXT, bytes('f4908080')),
  plain('a character cut short', BAD_TEXT, bytes('e5ad')),
  plain('half a surrogate pair', BAD_TEXT, log('"k"', '"\\ud83d"')),
  plain('surrogates in the wrong order', BAD_TEXT, log('"k"', '"\\ude00\\ud83d"')),
  plain('half a surrogate pair in a key', BAD_TEXT, log('"\\ud83d"', '""')),
  plain('half a surrogate pair in a tag', BAD_TEXT, '{"__logs__":[{"k":""}],"__tags__":{"t":"\\udfff"}}'),
  plain('a control character in a key', BAD_KEY, log('"a\\u0000b"', '""')),
  plain('a second value behind the body', INVALID, `${GOOD}${GOOD}`),
  plain('a NUL behind the body', INVALID, `${GOOD}\0`),
  plain('JSONP', INVALID, `callback(${GOOD})`),
  plain('a form', INVALID, `data=${encodeURIComponent(GOOD)}`),

  // Names that mean something elsewhere.
  {
    name: '__proto__ and its kin are fields like any other',
    answer: '200',
    request: post(
      '{"__proto__":{"__logs__":[]},"__logs__":[{"__proto__":"p","constructor":"c","hasOwnProperty":"h","toString":"t"}],"__tags__":{"__proto__":"tag"}}',
    ),
    stored: [{ ['__proto__']: 'p', constructor: 'c', hasOwnProperty: 'h', toString: 't', '__tag__:__proto__': 'tag' }],
  },
  {
    name: 'columns of the store and of the spool are fields like any other',
    answer: '200',
    request: post(
      '{"crc":"0","seq":1,"id":9,"ttl":1,"__logs__":[{"crc":"1","seq":"2","id":"3","logstore":"4","time":"5","fields":"6","row":"7"}]}',
    ),
    stored: [{ crc: '1', seq: '2', id: '3', logstore: '4', time: '5', fields: '6', row: '7' }],
  },
  {
    name: 'text that would be SQL, markup, a terminal command or a second line is text',
    answer: '200',
    request: post(
      log('"\'; DROP TABLE logs; --"', '"<script>alert(1)</script>\\u001b[2J\\r\\n{\\"crc\\":\\"0\\"}\\u2028\\u0000"'),
    ),
    stored: [{ "'; DROP TABLE logs; --": '<script>alert(1)</script>\u001b[2J\r\n{"crc":"0"}\u2028\0' }],
  },
  ...['zero', 'large', 'small', 'deflate'].map(
    // Stored by the lies above.
    (lie): BodyCase => ({
      name: `the lie ${lie} again, without one`,
      answer: '200',
      request: post(log('"lie"', `"${lie}"`)),
      stored: [{ lie }, { lie }],
    }),
  ),
];

/** Those that could take long to answer: the others have nothing to be read. */
export const DEAR_CASES = BODY_CASES.filter(({ request }) => request.length > 2000);

/** Costs nothing to send and a buffer of 3 MB to read. */
export const TINY_WITH_LARGE_CLAIM = post(lz4(bodyOf('claim')), {
  path: TRACK,
  headers: ['x-log-compresstype: lz4', `x-log-bodyrawsize: ${RAW_BYTES_MAX}`],
});
