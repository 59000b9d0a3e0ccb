/**
 * An answer over HTTP/2 as our handlers write answers: with a reason phrase and, where a connection is to end, headers that say
 * so. HTTP/2 knows neither; Node would complain of each on standard error.
 */
import { constants, Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';

/** RFC 9113, 8.2.2: what speaks of the connection makes a message malformed. */
const OF_CONNECTIONS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

export class Http2Answer extends Http2ServerResponse {
  constructor(stream: ServerHttp2Stream) {
    super(stream);
    // Answers of HTTP/1.1 have it; here only the types do.
    Object.defineProperty(this, 'destroyed', { get: () => stream.destroyed });
  }

  /** Without a code of trouble an answer that is cut off could be taken for a whole one. */
  override destroy(): this {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return this;
  }

  /** `headers` are names and values in turn. */
  override writeHead(status: number, ...rest: readonly unknown[]): this {
    const headers = rest.find((argument): argument is string[] => Array.isArray(argument)) ?? [];
    // Its own form is Node's, whose types have no arrays of names and values.
    return super.writeHead(status, withoutConnection(headers) as never);
  }
}

function withoutConnection(headers: readonly string[]): string[] {
  return headers.filter((_, i) => !OF_CONNECTIONS.has(String(headers[i - (i % 2)]).toLowerCase()));
}
