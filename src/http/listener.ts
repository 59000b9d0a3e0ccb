/**
 * An HTTP listener: turns requests into exchanges, finds their routes, and answers what no route can: unknown paths,
 * wrong methods, preflights, and bytes that are no HTTP at all. Every answer is JSON or what its route makes of it.
 */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ApiError } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { sendEmpty, sendError } from './answer.js';
import { ClientGone } from './body.js';
import { Connection, endRaw } from './connection.js';
import { holdBody } from './hold-body.js';
import { acceptHttp2, PROTOCOLS } from './http2/accept.js';
import type { Exchange, Route } from './route.js';
import { createRouter } from './router.js';
import type { TlsFiles } from './tls-files.js';

export interface ListenerOptions {
  readonly routes: readonly Route[];
  /** Asked about a path that no route has: the path of a route that it stands for, or null. Must not throw. */
  readonly pathBehind?: ((exchange: Exchange) => string | null) | undefined;
  /** Pages of any origin may call and read: CORS headers on every answer, and preflights answered. */
  readonly crossOrigin: boolean;
  readonly requestIds: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectionsMax: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Speaks https with these, and plain HTTP without. */
  readonly tls?: TlsFiles | undefined;
  /** Called when an answer has been handed over; `code` is the error code or empty. */
  readonly onAnswer: (status: number, code: string) => void;
}

/** Room for a query string at its limit and a browser's headers beside it. */
const HEADER_BYTES_MAX = 64 * 1024;
/** Browsers send some twenty. Node leaves out what comes behind so many, but reads lengths in it. */
const HEADERS_MAX = 1000;
const TIMEOUT_CHECK_MS = 1000;

/** A server that is not listening yet. */
export function createListener(options: ListenerOptions): Server {
  const { clock, crossOrigin, log, onAnswer, requestIds } = options;
  const findRoute = createRouter(options.routes);
  const commonHeaders = createCommonHeaders(clock, crossOrigin);
  const connections = new WeakMap<Duplex, Connection>();
  const connectionOf = (socket: Duplex) => {
    const connection = connections.get(socket) ?? new Connection(socket);
    connections.set(socket, connection);
    return connection;
  };
  /** What cannot be read ends the connection, with `error` where an answer can still be given. */
  const breakConnection = (socket: Duplex, error: ApiError) =>
    connectionOf(socket).break(error, () => {
      onAnswer(error.status, error.code);
      endRaw(socket, error, commonHeaders(requestIds()));
    });

  const find = (exchange: Exchange) => {
    const { request, path, queryText } = exchange;
    const found = findRoute(request.method ?? '', path, queryText);
    const behind = found.kind === 'noPath' ? (options.pathBehind?.(exchange) ?? null) : null;
    return behind === null ? found : findRoute(request.method ?? '', behind, queryText);
  };

  const handle = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const exchange = new HttpExchange(request, response, requestIds(), clock, commonHeaders, expectsContinue);
    const connection = connectionOf(request.socket);
    connection.begin(exchange);
    response.on('close', () => {
      connection.finish();
      // Otherwise the client went away.
      if (response.headersSent) onAnswer(response.statusCode, exchange.answeredCode);
    });
    const fail = (thrown: unknown) => {
      if (thrown instanceof ClientGone) return;
      sendError(exchange, thrown, log);
      const seconds = thrown instanceof ApiError ? thrown.retryAfterSeconds : undefined;
      if (seconds !== undefined) holdBody(request, seconds * 1000);
    };
    // Upgrades are declined by an ordinary answer. Node drops what stands behind such a request.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    try {
      checkFraming(request);
      if (crossOrigin && request.method === 'OPTIONS') {
        sendPreflight(exchange);
        return;
      }
      const found = find(exchange);
      if (found.kind === 'noPath') throw new ApiError('NotFound', { path: exchange.path });
      if (found.kind === 'noMethod') throw new ApiError('InvalidMethod', { path: exchange.path });
      exchange.params = found.params;
      found.route.handle(exchange)?.catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  };

  const settings = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    // Its absence is answered by us, in our form.
    requireHostHeader: false,
    noDelay: true,
  };
  const openTlsServer = (tls: TlsFiles) => {
    const server = createTlsServer(tls, settings);
    acceptHttp2(server, {
      ...options,
      headerBytesMax: HEADER_BYTES_MAX,
      headersMax: HEADERS_MAX,
      handle: (request, response) => handle(request, response, false),
      giveUp: ({ socket }) => breakConnection(socket, new ApiError('RequestTimeout')),
    });
    return server;
  };
  const server = options.tls === undefined ? createServer(settings) : openTlsServer(options.tls);
  server.maxConnections = options.connectionsMax;
  server.maxHeadersCount = HEADERS_MAX;
  // A client may end its side after its last request and still wait for the answer. Node's types do not know this yet.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => handle(request, response, false));
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => handle(request, response, true));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    handle(request, response, false),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writable) breakConnection(socket, parserError(error));
    else socket.destroy();
  });
  server.on('connect', (request, socket) => {
    breakConnection(socket, new ApiError('InvalidMethod', { path: request.url ?? '' }));
  });
  return server;
}

function createTlsServer(tls: TlsFiles, settings: ServerOptions): HttpsServer {
  const handshakeTimeout = settings.headersTimeout;
  const server = createHttpsServer({
    ...settings,
    ...tls.credentials,
    ...(handshakeTimeout && { handshakeTimeout }),
    ALPNProtocols: PROTOCOLS,
  });
  tls.renew(server);
  // Strangers try all sorts of things; Node has closed the connection.
  server.on('tlsClientError', () => {});
  return server;
}

class HttpExchange implements Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly startedMs: number;
  readonly path: string;
  readonly queryText: string;
  readonly commonHeaders: readonly string[];
  readonly expectsContinue: boolean;
  params: Readonly<Record<string, string>> = {};
  answeredCode = '';
  onBodyBroken: ((error: ApiError) => void) | null = null;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    clock: Clock,
    commonHeaders: (requestId: string) => readonly string[],
    expectsContinue: boolean,
  ) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
    this.startedMs = clock.monotonicMs();
    this.commonHeaders = commonHeaders(requestId);
    this.expectsContinue = expectsContinue;
    response.sendDate = false;
    const target = originForm(request.url ?? '');
    const mark = target.indexOf('?');
    this.path = mark === -1 ? target : target.slice(0, mark);
    this.queryText = mark === -1 ? '' : target.slice(mark + 1);
  }
}

/**
 * Refuses what Node accepts but a proxy in front may have read otherwise: it would have passed on another request than
 * the one answered here.
 */
function checkFraming({ rawHeaders, headers, httpVersion }: IncomingMessage): void {
  if (rawHeaders.length >= 2 * HEADERS_MAX) throw new ApiError('HeaderTooLarge');
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  // Node keeps the first.
  if (hosts > 1) throw new ApiError('InvalidHost', { host: headers.host ?? '' });
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  // Node looks at the last of several codings alone, and RFC 9112, 6.1 has none before HTTP/1.1.
  if (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1') {
    throw new ApiError('BadRequest', { reason: 'The only Transfer-Encoding is chunked, of HTTP/1.1.' });
  }
}

/** `http://host/path` is a legal request target; Host decides all the same. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target);
  const rest = absolute?.[1] ?? target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The headers of every answer; dates are made once a second. */
function createCommonHeaders(clock: Clock, crossOrigin: boolean): (requestId: string) => readonly string[] {
  let seconds = 0;
  let date = '';
  let time = '';
  const shared = crossOrigin
    ? ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', 'x-log-requestid, x-log-time, Date']
    : ['X-Content-Type-Options', 'nosniff'];
  return (requestId) => {
    const wallMs = clock.wallMs();
    const now = Math.floor(wallMs / 1000);
    if (now !== seconds) {
      seconds = now;
      date = new Date(wallMs).toUTCString();
      time = String(now);
    }
    return ['Server', 'Logboom', 'Date', date, 'x-log-requestid', requestId, 'x-log-time', time, ...shared];
  };
}

/** Always 200 and without any look-up, so that it tells a stranger nothing. What is asked for is allowed. */
function sendPreflight(exchange: Exchange): void {
  const { request } = exchange;
  const asked = request.headers['access-control-request-headers'];
  sendEmpty(exchange, [
    'Access-Control-Allow-Methods',
    'GET, POST, HEAD, PUT, DELETE, OPTIONS',
    'Access-Control-Allow-Headers',
    asked ?? PREFLIGHT_HEADERS,
    'Access-Control-Max-Age',
    '86400',
    'Vary',
    'Access-Control-Request-Headers',
  ]);
}

const PREFLIGHT_HEADERS =
  'x-log-apiversion, x-log-bodyrawsize, x-log-compresstype, x-log-signaturemethod, x-log-date, x-acs-security-token, ' +
  'authorization, content-type, content-md5';

function parserError(error: NodeJS.ErrnoException): ApiError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('HeaderTooLarge');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('RequestTimeout');
    default:
      return new ApiError('BadRequest', { reason: 'The request is not valid HTTP/1.1.' });
  }
}
