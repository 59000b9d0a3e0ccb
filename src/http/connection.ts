/**
 * One connection of a client, and how it ends when bytes arrive that cannot be read, or too slowly.
 *
 * Answers carry no name of the request they belong to: a client takes them in order. So a refusal of unreadable bytes
 * must neither overtake the answers still due nor come on top of an answer already given.
 */
import type { Duplex } from 'node:stream';
import type { ApiError } from '../errors.js';
import { errorBody, reasonOf } from './answer.js';
import type { Exchange } from './route.js';

export class Connection {
  readonly #socket: Duplex;
  /** Requests without a complete answer; pipelining may make them several. */
  #dueCount = 0;
  #newest: Exchange | null = null;
  /** What is left to do once no answer is due any more. */
  #ending: (() => void) | null = null;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** A request has come. */
  begin(exchange: Exchange): void {
    this.#newest = exchange;
    this.#dueCount++;
  }

  /** One has its answer, whole. */
  finish(): void {
    this.#dueCount--;
    this.#endIfDue();
  }

  /** Nothing behind this point can be read. `answer` answers what never became a request. Only the first call counts. */
  break(error: ApiError, answer: () => void): void {
    if (this.#ending !== null) return;
    const newest = this.#newest;
    if (newest === null || newest.request.complete) {
      this.#ending = answer;
    } else {
      // The body of the newest request: its own answer says so, unless that does not depend on the body or is given.
      this.#ending = () => this.#socket.end();
      newest.onBodyBroken?.(error);
    }
    this.#endIfDue();
  }

  #endIfDue(): void {
    if (this.#dueCount > 0 || this.#ending === null) return;
    if (this.#socket.writable) this.#ending();
    else this.#socket.destroy();
  }
}

/** Answers what never became a request, and closes: nobody can tell where the next request begins. */
export function endRaw(socket: Duplex, error: ApiError, commonHeaders: readonly string[]): void {
  const body = JSON.stringify(errorBody(error));
  const lines = [`HTTP/1.1 ${error.status} ${reasonOf(error.status)}`];
  for (let i = 0; i < commonHeaders.length; i += 2) lines.push(`${commonHeaders[i]}: ${commonHeaders[i + 1]}`);
  lines.push(
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  );
  socket.end(lines.join('\r\n'), () => socket.destroy());
}
