/** Bytes that are no HTTP, or HTTP that two parsers could read differently. */
import { bodyOf, chunked, get, post, TRACK } from './requests.js';

export interface FramingCase {
  readonly name: string;
  readonly source: string;
  readonly bytes: string | Buffer;
  /** In order: a status, and the code of an error. */
  readonly answers: readonly string[];
  /** The server ends the connection behind the answers; else it takes another request. */
  readonly closes?: boolean;
  /** The answers have no bodies. */
  readonly isHead?: boolean;
  /** The client ends its side behind the bytes. */
  readonly end?: boolean;
  /** What `n` says in the logs that are stored, in any order. */
  readonly stored?: readonly string[];
}

const CHUNKED = 'Transfer-Encoding: chunked';
const LENGTH = (n: string) => `Content-Length: ${bodyOf(n).length}`;
const SMUGGLED = get('smuggled');

/** Refused by the parser: nobody can tell where the next request begins. */
function unreadable(name: string, source: string, bytes: string | Buffer): FramingCase {
  return { name, source, bytes, answers: ['400 BadRequest'], closes: true };
}

/** With a good body behind them. */
function unreadableHeaders(name: string, source: string, ...headers: string[]): FramingCase {
  return unreadable(name, source, post(bodyOf('x'), { headers: [...headers, LENGTH('x')] }));
}

function unreadableCoding(name: string, ...headers: string[]): FramingCase {
  return unreadable(name, 'RFC 9112, 6.1', post(chunked(bodyOf('x')), { headers }));
}

function unreadableChunks(name: string, source: string, chunks: string): FramingCase {
  return unreadable(name, source, post(chunks, { headers: [CHUNKED] }));
}

const upgrade = (text: string) => text.replace('\r\n\r\n', '\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
const unnamedHost = (text: string) => text.replace('Host: 127.0.0.1\r\n', '');
const noLogstore = (text: string) => text.replace('web', 'no-such');

export const FRAMING_CASES: readonly FramingCase[] = [
  // Where a body ends.
  unreadableCoding('a length and chunks', LENGTH('x'), CHUNKED),
  unreadableCoding('chunks and a length', CHUNKED, 'Content-Length: 5'),
  unreadableCoding('two codings', CHUNKED, CHUNKED),
  unreadableCoding('a coding of two, chunked last', 'Transfer-Encoding: gzip, chunked'),
  unreadableCoding('a coding of two, chunked first', 'Transfer-Encoding: chunked, identity'),
  unreadableCoding('the coding identity', 'Transfer-Encoding: identity'),
  unreadableCoding('an unknown coding', 'Transfer-Encoding: xchunked'),
  unreadableCoding('a coding behind a vertical tab', 'Transfer-Encoding: \u000bchunked'),
  unreadable(
    'chunks in HTTP/1.0',
    'RFC 9112, 6.1',
    post(chunked(bodyOf('x')), { headers: [CHUNKED] })
      .toString()
      .replace('HTTP/1.1', 'HTTP/1.0'),
  ),
  unreadableHeaders('two lengths', 'RFC 9112, 6.3', LENGTH('x')),
  unreadableHeaders('two different lengths', 'RFC 9112, 6.3', 'Content-Length: 0'),
  ...['+24', '0x18', '-1', '24, 24', '24 24', '', '18446744073709551640'].map((length) =>
    unreadable(
      `the length ${JSON.stringify(length)}`,
      'RFC 9110, 8.6',
      post(bodyOf('x'), { headers: [`Content-Length: ${length}`] }),
    ),
  ),
  unreadableChunks('a chunk size that is no number', 'RFC 9112, 7.1', `zz\r\n${bodyOf('x')}\r\n0\r\n\r\n`),
  unreadableChunks('a chunk size beyond 64 bits', 'RFC 9112, 7.1', 'fffffffffffffffff\r\n{'),
  unreadableChunks('a chunk longer than its size', 'RFC 9112, 7.1', `5\r\n${bodyOf('x')}\r\n0\r\n\r\n`),
  unreadableChunks('a chunk size that ends in a bare LF', 'RFC 9112, 7.1', `18\n${bodyOf('x')}\r\n0\r\n\r\n`),
  unreadableChunks('a chunk size with a space behind it', 'RFC 9112, 7.1', `18 \r\n${bodyOf('x')}\r\n0\r\n\r\n`),
  unreadableChunks('20 KB of chunk extension', 'RFC 9112, 7.1.1', `1;${'a'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`),
  {
    ...unreadable('a body that breaks off', 'RFC 9112, 8', post('{"__logs__"', { headers: ['Content-Length: 100'] })),
    end: true,
  },
  { ...unreadable('chunks that break off', 'RFC 9112, 8', post('5\r\n{"__l', { headers: [CHUNKED] })), end: true },
  {
    name: 'chunks with extensions and trailers are read',
    source: 'RFC 9112, 7.1',
    bytes: post(`1;a=b\r\n{\r\n18;c\r\n${bodyOf('1chunks').slice(1)}\r\n0\r\nX-Trailer: 1\r\n\r\n`, {
      headers: ['transfer-encoding:\tCHUNKED'],
    })
      .toString()
      .replace('\r\n18;c', `\r\n${(bodyOf('1chunks').length - 1).toString(16)};c`),
    answers: ['200'],
    stored: ['1chunks'],
  },
  {
    name: 'a body of unknown length is asked for its length',
    source: 'RFC 9112, 6.3',
    bytes: post('', { headers: ['Content-Length-X: 0'] }),
    answers: ['411 MissingContentLength'],
    closes: true,
  },
  {
    name: 'what stands behind a body is no body but a request',
    source: 'RFC 9112, 6.3',
    bytes: Buffer.concat([post(bodyOf('first')), Buffer.from(get('second'))]),
    answers: ['200', '200'],
    stored: ['first', 'second'],
  },
  {
    name: 'a body on GET is dropped, not taken for a request',
    source: 'GET forms',
    bytes:
      get('with-body', (text) => text.replace('\r\n\r\n', `\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`)) +
      SMUGGLED +
      get('behind-body'),
    answers: ['200', '200'],
    stored: ['with-body', 'behind-body'],
  },
  {
    name: 'a body on HEAD and on an unknown path is dropped, too',
    source: 'RFC 9112, 6.3',
    bytes: [
      get('head', (text) => text.replace('GET', 'HEAD').replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\nabc')),
      noLogstore(get('x', (text) => text.replace('GET', 'HEAD'))),
    ].join(''),
    answers: ['200', '404'],
    isHead: true,
  },

  // Header lines.
  unreadable('header lines that end in a bare LF', 'RFC 9112, 2.2', get('x').replaceAll('\r\n', '\n')),
  unreadableHeaders('a bare LF', 'RFC 9112, 2.2', 'X-A: b\nX-B: c'),
  unreadableHeaders('a bare CR', 'RFC 9112, 2.2', 'X-A: b\rX-B: c'),
  unreadableHeaders('a folded line', 'RFC 9112, 5.2', 'X-A: b\r\n c'),
  unreadableHeaders('a space before the first header', 'RFC 9112, 2.2', ' X-A: b'),
  unreadableHeaders('a space before the colon', 'RFC 9112, 5.1', 'X-A : b'),
  unreadable(
    'a space before the colon of the length',
    'RFC 9112, 5.1',
    post(SMUGGLED, { headers: [`Content-Length : ${SMUGGLED.length}`] }),
  ),
  unreadableHeaders('a NUL', 'RFC 9110, 5.5', 'X-A: a\0b'),
  unreadableHeaders('a control character', 'RFC 9110, 5.5', 'X-A: a\u0001b'),
  {
    name: 'bytes that are no ASCII in a header are no reason to refuse',
    source: 'RFC 9110, 5.5',
    bytes: Buffer.from(
      get('latin1', (text) => text.replace('\r\n\r\n', '\r\nX-A: \xff\xfe\r\n\r\n')),
      'latin1',
    ),
    answers: ['200'],
    stored: ['latin1'],
  },
  {
    name: '70 KB of one header',
    source: 'header limit',
    bytes: get('x', (text) => text.replace('\r\n\r\n', `\r\nX-A: ${'a'.repeat(70 * 1024)}\r\n\r\n`)),
    answers: ['431 BadRequest'],
    closes: true,
  },
  {
    name: '70 KB of many headers',
    source: 'header limit',
    bytes: get('x', (text) => text.replace('\r\n\r\n', `\r\n${'X-A: bcd\r\n'.repeat(12_000)}\r\n`)),
    answers: ['431 BadRequest'],
    closes: true,
  },
  {
    name: 'a second Host behind a thousand other headers',
    source: 'header limit',
    bytes: get('x', (text) => text.replace('\r\n\r\n', `\r\n${'a:b\r\n'.repeat(1000)}Host: other.example.com\r\n\r\n`)),
    answers: ['431 BadRequest'],
    closes: true,
  },
  {
    name: '70 KB of query',
    source: 'header limit',
    bytes: get('a'.repeat(70 * 1024)),
    answers: ['431 BadRequest'],
    closes: true,
  },

  // Host and target.
  { name: 'no Host', source: 'checks 2', bytes: unnamedHost(get('x')), answers: ['400 MissingHost'] },
  {
    name: 'two Hosts',
    source: 'RFC 9112, 3.2',
    bytes: get('x', (text) => text.replace('Host', 'Host: other.example.com\r\nHost')),
    answers: ['400 InvalidHost'],
  },
  {
    name: 'the same Host twice',
    source: 'RFC 9112, 3.2',
    bytes: get('x', (text) => text.replace('Host', 'hOST: 127.0.0.1\r\nHost')),
    answers: ['400 InvalidHost'],
  },
  ...[
    'a b',
    'a/b',
    'localhost.',
    'user@127.0.0.1',
    '127.0.0.1:x',
    '127.0.0.1:123456',
    '[::1',
    '..',
    '-.',
    'a'.repeat(300),
    '<x>',
  ].map(
    (host): FramingCase => ({
      name: `the Host ${JSON.stringify(host.slice(0, 20))}`,
      source: 'RFC 9110, 7.2',
      bytes: get('x', (text) => text.replace('127.0.0.1', host)),
      answers: ['400 InvalidHost'],
    }),
  ),
  ...['no-such.example.com', 'constructor.example.com', '__proto__.example.com', '1.2.3.4.5'].map(
    (host): FramingCase => ({
      name: `the Host ${host}`,
      source: 'host resolution',
      bytes: get('x', (text) => text.replace('127.0.0.1', host)),
      answers: ['404 ProjectNotExist'],
    }),
  ),
  {
    name: 'a target with scheme and host is read; Host decides all the same',
    source: 'RFC 9112, 3.2.2',
    bytes: get('absolute', (text) => text.replace('GET ', 'GET http://no-such.example.com')),
    answers: ['200'],
    stored: ['absolute'],
  },
  {
    name: 'an escaped slash is part of a name, here of a logstore for those who sign',
    source: 'checks 1',
    bytes: get('x', (text) => text.replace('/logstores/web/track', '/logstores/web%2ftrack')),
    answers: ['400 MissingAPIVersion'],
  },
  {
    name: 'a target without a path has none, whatever its query looks like',
    source: 'RFC 9112, 3.2.2',
    bytes: get('x', (text) => text.replace('GET ', `GET http://127.0.0.1?x=`)),
    // Its path is /, which lists projects for those who sign.
    answers: ['400 MissingAPIVersion'],
  },
  unreadable('a target of an authority', 'RFC 9112, 3.2.3', get('x').replace(/\/\S+/, '127.0.0.1:80')),
  unreadable('a target with a space', 'RFC 9112, 3.2', get('a b')),
  unreadable('a target with a NUL', 'RFC 9112, 3.2', get('a\0b')),
  unreadable('a target with raw UTF-8', 'RFC 9112, 3.2', get('字')),
  {
    name: 'the target *',
    source: 'RFC 9112, 3.2.4',
    bytes: get('x', (text) => text.replace(/\/\S+/, '*')),
    answers: ['404 NotFound'],
  },
  ...[
    '/logstores/../logstores/web/track',
    '/logstores/./web/track',
    '/logstores/web/track/',
    '//logstores/web/track',
    '/logstores//track',
    '/logstores/web//track',
    '/LOGSTORES/web/track',
    '/logstores/%/track',
    '/logstores/%zz/track',
    '/logstores/%ff/track',
    '/logstores/web/track;x=1',
    '/logstores/web/track%2f',
    '/%6cogstores/web/track',
  ].map(
    (path): FramingCase => ({
      name: `the path ${path}`,
      source: 'checks 1',
      bytes: get('x', (text) => text.replace('/logstores/web/track', path)),
      answers: ['404 NotFound'],
    }),
  ),
  ...[
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    'web%00',
    'web%0d%0aX-A:%20b',
    'WEB',
    '%E5%AD%97',
    '__proto__',
    'constructor',
    'a'.repeat(10_000),
  ].map(
    (name): FramingCase => ({
      name: `the logstore ${name.slice(0, 40)}`,
      source: 'checks 5',
      bytes: get('x', (text) => text.replace('web', name)),
      answers: ['404 LogStoreNotExist'],
    }),
  ),
  {
    name: 'a name with escapes that mean itself',
    source: 'path segments are decoded',
    bytes: get('escaped', (text) => text.replace('web', '%77eb')),
    answers: ['200'],
    stored: ['escaped'],
  },

  // Methods, versions, other protocols.
  unreadable('an unknown method', 'RFC 9110, 9', get('x').replace('GET', 'BREW')),
  unreadable('a method in lower case', 'RFC 9110, 9.1', get('x').replace('GET', 'get')),
  ...['TRACE', 'PUT', 'DELETE', 'PROPFIND'].map(
    (method): FramingCase => ({
      name: `the method ${method}`,
      source: 'checks 1',
      bytes: get('x', (text) => text.replace('GET', method)),
      answers: ['405 InvalidMethod'],
    }),
  ),
  {
    name: 'HTTP/0.9',
    source: 'HTTP/0.9',
    bytes: `GET ${TRACK}&n=x\r\n\r\n`,
    answers: ['400 MissingHost'],
    closes: true,
  },
  {
    name: 'HTTP/1.0 is answered, and the connection ended',
    source: 'RFC 9112, 9.3',
    bytes: get('http10', (text) => text.replace('HTTP/1.1', 'HTTP/1.0')),
    answers: ['200'],
    closes: true,
    stored: ['http10'],
  },
  {
    name: 'HTTP/1.0 without a Host',
    source: 'checks 2',
    bytes: unnamedHost(get('x').replace('HTTP/1.1', 'HTTP/1.0')),
    answers: ['400 MissingHost'],
    closes: true,
  },
  unreadable('HTTP/1.2', 'RFC 9110, 2.5', get('x').replace('HTTP/1.1', 'HTTP/1.2')),
  unreadable('HTTP/2', 'RFC 9113, 3.4', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  unreadable('a TLS ClientHello', 'RFC 8446, 4.1.2', Buffer.from(`16030100c8010000c40303${'ab'.repeat(190)}`, 'hex')),
  unreadable('bytes of nothing', 'noise', Buffer.alloc(100_000, '\x00\xff\x7f\r')),
  {
    name: 'CONNECT',
    source: 'RFC 9110, 9.3.6',
    bytes: 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
    answers: ['405 InvalidMethod'],
    closes: true,
  },
  {
    name: 'an upgrade is declined by answering in HTTP/1.1; what follows may be another protocol',
    source: 'RFC 9110, 7.8',
    bytes: get('upgrade', upgrade) + get('x'),
    answers: ['200'],
    closes: true,
    stored: ['upgrade'],
  },
  {
    name: 'empty lines before a request',
    source: 'RFC 9112, 2.2',
    bytes: `\r\n\r\n${get('empty-lines')}`,
    answers: ['200'],
    stored: ['empty-lines'],
  },

  // 100-continue.
  {
    name: 'a body that is asked for first',
    source: 'RFC 9110, 10.1.1',
    bytes: post(bodyOf('continue'), { headers: ['Expect: 100-continue'] }),
    answers: ['100', '200'],
    stored: ['continue'],
  },
  {
    name: 'a body that would be refused is not asked for',
    source: 'RFC 9110, 10.1.1',
    bytes: post('', {
      path: '/logstores/no-such/track?APIVersion=0.6.0',
      headers: ['Expect: 100-continue', 'Content-Length: 9'],
    }),
    answers: ['404 LogStoreNotExist'],
    closes: true,
  },
  {
    name: 'a body that would be too large is not asked for',
    source: 'RFC 9110, 10.1.1',
    bytes: post('', { headers: ['Expect: 100-continue', 'Content-Length: 4000000'] }),
    answers: ['400 PostBodyTooLarge'],
    closes: true,
  },
  {
    name: 'an expectation nobody knows is ignored',
    source: 'RFC 9110, 10.1.1',
    bytes: post(bodyOf('expect'), { headers: ['Expect: the-unexpected'] }),
    answers: ['200'],
    stored: ['expect'],
  },

  // One behind the other.
  {
    name: 'pipelined requests are answered in order',
    source: 'RFC 9112, 9.3.2',
    bytes: Buffer.concat([
      Buffer.from(get('pipe-1') + noLogstore(get('x'))),
      post(bodyOf('pipe-2')),
      post('{', { headers: [LENGTH('').replace(/\d+/, '1')] }),
      Buffer.from(get('pipe-3')),
    ]),
    answers: ['200', '404 LogStoreNotExist', '200', '400 PostBodyInvalid', '200'],
    stored: ['pipe-1', 'pipe-2', 'pipe-3'],
  },
  {
    name: '500 pipelined requests are answered and stored',
    source: 'RFC 9112, 9.3.2',
    bytes: get('pipe').repeat(500),
    answers: Array(500).fill('200'),
    stored: Array(500).fill('pipe'),
  },
  {
    name: 'garbage behind a good GET does not take its answer',
    source: 'RFC 9112, 9.3.2',
    bytes: `${get('before-garbage')}\x00\x01garbage\r\n\r\n`,
    answers: ['200', '400 BadRequest'],
    closes: true,
    stored: ['before-garbage'],
  },
  {
    name: 'garbage behind a good POST does not take its answer',
    source: 'RFC 9112, 9.3.2',
    bytes: Buffer.concat([post(bodyOf('before-garbage-2')), Buffer.from('garbage\r\n\r\n')]),
    answers: ['200', '400 BadRequest'],
    closes: true,
    stored: ['before-garbage-2'],
  },
  {
    name: 'garbage behind several requests comes last',
    source: 'RFC 9112, 9.3.2',
    bytes: `${get('before-garbage-3') + noLogstore(get('x')) + get('before-garbage-4')}GET / HTTP/9.9\r\n\r\n`,
    answers: ['200', '404 LogStoreNotExist', '200', '400 BadRequest'],
    closes: true,
    stored: ['before-garbage-3', 'before-garbage-4'],
  },
  {
    name: 'a broken body behind a good request is refused for itself',
    source: 'RFC 9112, 9.3.2',
    bytes: Buffer.concat([Buffer.from(get('before-broken')), post('zz\r\n', { headers: [CHUNKED] })]),
    answers: ['200', '400 BadRequest'],
    closes: true,
    stored: ['before-broken'],
  },
  {
    name: 'a broken body of a request that is refused already gets no second answer',
    source: 'RFC 9112, 9.3.2',
    bytes: post('zz\r\n', { path: '/no-such', headers: [CHUNKED] }),
    answers: ['404 NotFound'],
    closes: true,
  },
  {
    name: 'a broken body on a good GET ends the connection behind its answer',
    source: 'GET forms',
    bytes: get('get-broken', (text) => text.replace('\r\n\r\n', `\r\n${CHUNKED}\r\n\r\nzz\r\n`)),
    answers: ['200'],
    closes: true,
    stored: ['get-broken'],
  },
  {
    name: 'CONNECT behind a good request does not take its answer',
    source: 'RFC 9112, 9.3.2',
    bytes: `${get('before-connect')}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`,
    answers: ['200', '405 InvalidMethod'],
    closes: true,
    stored: ['before-connect'],
  },
  {
    name: 'a client that ends its side first gets its answers all the same',
    source: 'RFC 9112, 9.6',
    bytes: Buffer.concat([Buffer.from(get('half-closed')), post(bodyOf('half-closed-2'))]),
    answers: ['200', '200'],
    closes: true,
    end: true,
    stored: ['half-closed', 'half-closed-2'],
  },
];
