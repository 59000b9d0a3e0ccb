// Goal: over HTTP/2 the same is answered as over HTTP/1.1, and no client holds more, or for longer, than it may.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
  type Settings,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../test/support/certificate.js';
import { testListener } from '../../../test/support/test-listener.js';
import { ApiError } from '../../errors.js';
import { sendJson } from '../answer.js';
import { createBodyReader } from '../body.js';
import { BufferPool } from '../buffer-pool.js';
import { InFlight } from '../in-flight.js';
import type { Route } from '../route.js';
import { openTlsFiles, type TlsFiles } from '../tls-files.js';

const BODY_BYTES_MAX = 200_000;
const HEADERS_TIMEOUT_MS = 400;
const directory = mkdtempSync(path.join(tmpdir(), 'logboom-h2-'));
const [certFile, keyFile] = [path.join(directory, 'cert.pem'), path.join(directory, 'key.pem')];

let files: TlsFiles;
let server: Server;
let clients: ClientHttp2Session[];
let handled: number;
/** Ends the answers of /waiting. */
let release: () => void;

const bodies = createBodyReader(new BufferPool(0), new InFlight(1e6), () => new ApiError('JsonBodyInvalid'));
const routes: Route[] = [
  {
    method: 'GET',
    path: '/host',
    doc: null,
    handle: (exchange) => {
      handled++;
      sendJson(exchange, 200, { host: exchange.request.headers.host, query: exchange.queryText });
    },
  },
  {
    method: 'POST',
    path: '/length',
    doc: null,
    async handle(exchange) {
      const body = await bodies.read(exchange, BODY_BYTES_MAX);
      sendJson(exchange, 200, { length: body.bytes.length });
      body.release();
    },
  },
  {
    method: 'GET',
    path: '/waiting',
    doc: null,
    async handle(exchange) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      sendJson(exchange, 200, { waited: true });
    },
  },
  {
    method: 'GET',
    path: '/broken',
    doc: null,
    async handle({ response, commonHeaders }) {
      response.writeHead(200, [...commonHeaders, 'Content-Length', '10']);
      response.write('half');
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('no more');
    },
  },
];

const [HEADERS, RST_STREAM, SETTINGS] = [1, 3, 4];
const STREAMS_RESET = 20_000;
/** HPACK, RFC 7541: GET and https by their numbers in the static table, then `:path: /host`. */
const GET_HOST = Buffer.concat([Buffer.from([0x82, 0x87, 0x04, 5]), Buffer.from('/host')]);

/** RFC 9113, 4.1. Headers end with their frame, and so does the request. */
function frame(type: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = type === HEADERS ? 0x5 : 0;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function writePair({ cert, key }: { cert: string; key: string }): void {
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
}

function client(settings: Settings = {}): ClientHttp2Session {
  const { port } = server.address() as AddressInfo;
  const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, settings });
  session.on('error', () => {});
  clients.push(session);
  return session;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Of a stream that was closed before its answer was whole. */
  readonly code: number | undefined;
}

/** Resolves when the answer is whole or the stream closed. */
function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve) => {
    let [headers, text]: [Record<string, unknown>, string] = [{}, ''];
    stream.on('response', (received) => {
      headers = received;
    });
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    stream.on('error', () => {});
    const end = () => resolve({ status: headers[':status'] as number, headers, text, code: stream.rstCode });
    stream.on('end', end).on('close', end);
  });
}

function ask(headers: OutgoingHttpHeaders, body?: string | Buffer, session = client()): Promise<Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

beforeAll(() => writePair(makeCertificate()));

afterAll(() => rmSync(directory, { recursive: true }));

beforeEach(async () => {
  [clients, handled, release] = [[], 0, () => {}];
  const log = pino({ level: 'silent' });
  files = await openTlsFiles({ certFile, keyFile, log, checkEveryMs: 20 });
  server = testListener({
    routes,
    crossOrigin: true,
    log,
    tls: files,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
    requestTimeoutMs: HEADERS_TIMEOUT_MS,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  for (const session of clients) session.destroy();
  files.close();
  server.close();
  server.closeAllConnections();
});

describe('a request', () => {
  test('names its host and finds its route', async () => {
    const { status, headers, text } = await ask({ ':path': '/host?a=b', ':authority': 'shop.log.test' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ host: 'shop.log.test', query: 'a=b' });
    expect(headers).toMatchObject({
      'x-log-requestid': '0123456789ABCDEF01234567',
      'access-control-allow-origin': '*',
    });
  });

  test('may have Host instead, and not another one beside it', async () => {
    expect((await ask({ ':path': '/host', ':authority': 'a.test', host: 'a.test' })).status).toBe(200);
    const { status, code } = await ask({ ':path': '/host', ':authority': 'a.test', host: 'b.test' });
    expect([status, code]).toEqual([undefined, constants.NGHTTP2_PROTOCOL_ERROR]);
  });

  test.each([
    ['POST', '/host', 405, 'InvalidMethod'],
    ['GET', '/nothing', 404, 'NotFound'],
    ['CONNECT', undefined, 405, undefined],
  ])('%s %s is answered %i', async (method, target, status, errorCode) => {
    const answer = await ask({ ':method': method, ...(target && { ':path': target }), ':authority': 'a.test' });
    expect(answer.status).toBe(status);
    if (errorCode !== undefined) expect(JSON.parse(answer.text)).toMatchObject({ errorCode });
  });

  test('that asks for the head alone gets no body', async () => {
    const { status, headers, text } = await ask({ ':method': 'HEAD', ':path': '/host' });
    expect([status, text]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });

  test('is a preflight', async () => {
    expect((await ask({ ':method': 'OPTIONS', ':path': '/length' })).status).toBe(200);
  });

  test('whose answer breaks off does not look whole', async () => {
    const { status, code } = await ask({ ':path': '/broken' });
    expect([status, code]).toEqual([200, constants.NGHTTP2_INTERNAL_ERROR]);
  });
});

describe('a body', () => {
  const post = { ':method': 'POST', ':path': '/length' };

  test.each([
    ['small', 10],
    ['larger than the window', 150_000],
    ['empty', 0],
  ])('%s is read, its length declared or not', async (_what, length) => {
    const body = Buffer.alloc(length, 'a');
    for (const declared of [{}, { 'content-length': String(length) }]) {
      const { status, text } = await ask({ ...post, ...declared }, body);
      expect([status, text]).toEqual([200, JSON.stringify({ length })]);
    }
  });

  test.each([{}, { 'content-length': '3000000' }])(
    'too large is refused, and no more of it is taken: %j',
    async (declared) => {
      const stream = client().request({ ...post, ...declared });
      const answer = answerOf(stream);
      const piece = Buffer.alloc(50_000);
      const send = setInterval(() => stream.destroyed || stream.write(piece), 1);
      expect((await answer).status).toBe(400);
      await expect.poll(() => stream.closed).toBe(true);
      clearInterval(send);
      expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    },
  );

  test('that does not come is given up, and the connection is not', async () => {
    const session = client();
    const slow = session.request(post);
    slow.write('a');
    const { status, text } = await answerOf(slow);
    expect([status, JSON.parse(text).errorCode]).toEqual([408, 'RequestTimeout']);
    expect((await ask({ ':path': '/host' }, undefined, session)).status).toBe(200);
  });
});

describe('a connection', () => {
  test('without a request is ended', async () => {
    const session = client();
    await new Promise((resolve) => session.once('close', resolve));
  });

  test('that leaves an answer unread does not have its stream for good', async () => {
    const { status, code } = await ask({ ':path': '/host' }, undefined, client({ initialWindowSize: 0 }));
    expect([status, code]).toEqual([200, constants.NGHTTP2_CANCEL]);
  });

  test('whose answer has not been made yet is not ended', async () => {
    const waiting = ask({ ':path': '/waiting' });
    await expect.poll(() => release.length).toBe(1);
    // Another one comes and goes, with as much time as there is for an answer that nobody reads.
    await ask({ ':path': '/host' }, undefined, client({ initialWindowSize: 0 }));
    release();
    expect((await waiting).status).toBe(200);
  });

  test('has a hundred streams', async () => {
    const session = client();
    await new Promise((resolve) => session.once('remoteSettings', resolve));
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
  });

  test('whose streams are reset again and again is ended', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const ended = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    socket.resume().write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(frame(SETTINGS, 0, Buffer.alloc(0)));
    for (let stream = 1; stream < 2 * STREAMS_RESET; stream += 2) {
      socket.write(frame(HEADERS, stream, GET_HOST));
      socket.write(frame(RST_STREAM, stream, Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL])));
    }
    await ended;
    expect(handled).toBeLessThan(STREAMS_RESET / 10);
    expect((await ask({ ':path': '/host' })).status).toBe(200);
  });

  test.each<[string, OutgoingHttpHeaders]>([
    ['long', { long: 'a'.repeat(70_000) }],
    ['many', Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`h${n}`, 'a']))],
  ])('with headers that are too %s is refused them', async (_what, headers) => {
    const { status } = await ask({ ':path': '/host', ...headers });
    expect(status === undefined || status >= 400).toBe(true);
    expect(handled).toBe(0);
  });

  test('is shown a new certificate, and may speak HTTP/1.1', async () => {
    const renewed = makeCertificate();
    writePair(renewed);
    const { port } = server.address() as AddressInfo;
    const greet = (protocol: string) =>
      new Promise<string>((resolve, reject) => {
        const options = { host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: [protocol] };
        const socket = connectTls(options, () => {
          const { raw } = socket.getPeerCertificate();
          resolve(`${socket.alpnProtocol} ${raw.toString('base64')}`);
          socket.destroy();
        }).on('error', reject);
      });
    const expected = renewed.cert.replace(/-----.*?-----|\s/g, '');
    for (const protocol of ['h2', 'http/1.1']) await expect.poll(() => greet(protocol)).toBe(`${protocol} ${expected}`);
  });
});

test('a server that closes answers what was asked, and ends', async () => {
  const idle = client();
  expect((await ask({ ':path': '/host' }, undefined, idle)).status).toBe(200);
  const waiting = ask({ ':path': '/waiting' });
  await expect.poll(() => release.length).toBe(1);
  const closed = new Promise((resolve) => server.close(resolve));
  release();
  expect((await waiting).status).toBe(200);
  await closed;
});
