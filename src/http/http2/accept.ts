/**
 * HTTP/2 on a server that speaks https: who asks for it as he connects (ALPN) gets it, and the same routes by the same
 * handlers. HTTP/1.1 goes its own way from there, untouched. What of it is limited by whom: docs/decisions/0010-http2.md
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createServer, type Http2ServerRequest } from 'node:http2';
import type { TLSSocket, Server as TlsServer } from 'node:tls';
import { Http2Answer } from './response.js';
import { Http2Sessions, type SessionsOptions } from './sessions.js';

export interface Http2Options extends Omit<SessionsOptions, 'isListening'> {
  readonly headerBytesMax: number;
  readonly headersMax: number;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The body of the request takes too long. */
  giveUp(request: IncomingMessage): void;
}

/** Names for ALPN, the one we would rather have first. */
export const PROTOCOLS = ['h2', 'http/1.1'];

/** Requests at once on one connection. RFC 9113, 5.1.2 advises against fewer. */
const STREAMS_MAX = 100;
/** Bytes of one body that may be on their way before any is read: those of all streams are what a connection can make us hold. */
const WINDOW_BYTES = 65_535;
/** What Node lets one connection hold in frames and headers, in its unit, megabytes. */
const SESSION_MEGABYTES_MAX = 2;

export function acceptHttp2(server: TlsServer, options: Http2Options): void {
  const { headerBytesMax, headersMax, handle, giveUp } = options;
  const sessions = new Http2Sessions({ ...options, isListening: () => server.listening });
  const http2 = createServer({
    maxHeaderListPairs: headersMax,
    maxSessionMemory: SESSION_MEGABYTES_MAX,
    settings: {
      enablePush: false,
      initialWindowSize: WINDOW_BYTES,
      maxConcurrentStreams: STREAMS_MAX,
      maxHeaderListSize: headerBytesMax,
    },
    Http2ServerResponse: Http2Answer,
  });
  http2.on('session', (session) => sessions.begin(session));
  // Node has ended it.
  http2.on('sessionError', () => {});
  http2.on('request', (request, response) => {
    if (!nameHost(request)) {
      request.stream.close(constants.NGHTTP2_PROTOCOL_ERROR);
      return;
    }
    // Both are made to be used as those of HTTP/1.1 are, which their types do not say.
    const asked = request as unknown as IncomingMessage;
    if (!request.stream.endAfterHeaders) sessions.expectBody(request.stream, () => giveUp(asked));
    // Of a body that nobody wants any more, no more is to come.
    request.stream.once('finish', () => request.complete || request.stream.close(constants.NGHTTP2_NO_ERROR));
    handle(asked, response as unknown as ServerResponse);
  });

  const [acceptHttp1] = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.emit('connection', socket);
    else acceptHttp1?.call(server, socket);
  });
}

/** Gives the request the Host that it has under another name. False if it has two that differ (RFC 9113, 8.3.1). */
function nameHost({ headers }: Http2ServerRequest): boolean {
  const authority = headers[':authority'];
  if (authority === undefined) return true;
  headers.host ??= authority;
  return headers.host === authority;
}
