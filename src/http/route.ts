/** What a feature gives to the server: routes, each a method, a path pattern and a handler. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The `x-log-requestid` of the answer. */
  readonly requestId: string;
  /** Path without query, as sent. */
  readonly path: string;
  /** What follows the first `?`, still encoded; empty if there is none. */
  readonly queryText: string;
  /** Values of the pattern's `:names`, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * A handler answers or throws; what it throws becomes the answer in one place (answer.ts). It must not answer an error
 * itself.
 */
export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  /** Segments are literal or `:name`: `/logstores/:logstore/track`. */
  readonly path: string;
  handle(exchange: Exchange): void | Promise<void>;
}
