/** What a feature gives to a listener: routes, each a method, a path pattern and a handler. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiError } from '../errors.js';
import type { RouteDoc } from './route-doc.js';

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The `x-log-requestid` of the answer. */
  readonly requestId: string;
  /** When the headers had arrived, on the monotonic clock. */
  readonly startedMs: number;
  /** Path without query, as sent. */
  readonly path: string;
  /** What follows the first `?`, still encoded; empty if there is none. Bytes over 0x7f are characters of the same value. */
  readonly queryText: string;
  /** Values of the pattern's `:names`, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Names and values, in turn, of the headers that every answer carries. */
  readonly commonHeaders: readonly string[];
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
  /** For the counters, beside the status: the error code, or empty. Set by what answers. */
  answeredCode: string;
  /** Set by what reads the body, while it does: called with the refusal when the rest of the body is unreadable. */
  onBodyBroken: ((error: ApiError) => void) | null;
}

/**
 * A handler answers or throws; what it throws becomes the answer in one place (answer.ts). It must not answer an error
 * itself. A route for GET also gets HEAD; node:http leaves out the body then.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments are literal or `:name`: `/logstores/:logstore/track`. */
  readonly path: string;
  /**
   * Of several routes with the same method and path: the value of the query parameter `type` that leads here. One
   * without takes what no other takes.
   */
  readonly type?: string;
  /** Null for what is no interface of the service: files of the console, and what a server for tests alone has. */
  readonly doc: RouteDoc | null;
  handle(exchange: Exchange): void | Promise<void>;
}
