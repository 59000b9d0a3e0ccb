/**
 * The HTTP front of the embedded engine: enough of ClickHouse's HTTP interface for an unmodified `@clickhouse/client`, Grafana
 * or curl. Whoever may open the socket may do everything; there are no users.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import * as http from 'node:http';
import type { Log } from '../../platform/diagnostics.js';
import type { Engine } from './engine.js';
import { describeException } from './exception.js';
import { Lanes } from './lanes.js';
import { readStatement } from './request.js';

/** A query's parameters travel in the URL, and one of them may have a megabyte. */
const HEADER_BYTES_MAX = 8 * 1024 * 1024;

export interface FrontOptions {
  readonly engine: Engine;
  /** Statements in the engine at once. */
  readonly sessions: number;
  /** Where bodies are kept that the engine can only read as files. */
  readonly bodiesDirectory: string;
  readonly log: Log;
}

/** A unix socket, or a port of the loopback interface: 0 for any free one. */
export type FrontAddress = string | number;

export class Front {
  readonly #server: http.Server;
  readonly #engine: Engine;
  readonly #lanes: Lanes;
  readonly #log: Log;
  /** Answers that are under way, and what ends each. */
  readonly #running = new Map<Promise<void>, AbortController>();
  /** Another one after every start: tells clients that the store has forgotten what it was doing. */
  readonly #displayName = `embedded ${randomUUID()}`;

  readonly #bodiesDirectory: string;

  constructor({ engine, sessions, bodiesDirectory, log }: FrontOptions) {
    this.#bodiesDirectory = bodiesDirectory;
    this.#engine = engine;
    this.#lanes = new Lanes(sessions);
    this.#log = log;
    this.#server = http.createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: 0 }, (request, response) => {
      const controller = new AbortController();
      const answer = this.#answer(request, response, controller)
        .catch((error: unknown) => {
          this.#log.error({ err: error }, 'a request could not be answered');
          response.destroy();
        })
        .finally(() => this.#running.delete(answer));
      this.#running.set(answer, controller);
    });
    // The client closes idle connections itself; were we first, it might be about to use one.
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Resolves with the port; undefined for a socket. */
  async listen(address: FrontAddress): Promise<number | undefined> {
    if (typeof address === 'string') this.#server.listen(address);
    else this.#server.listen(address, '127.0.0.1');
    await once(this.#server, 'listening');
    const bound = this.#server.address();
    return bound === null || typeof bound === 'string' ? undefined : bound.port;
  }

  /** Takes no more requests, ends what runs, and resolves when all of it has ended. */
  async close(): Promise<void> {
    this.#server.close();
    for (const controller of this.#running.values()) controller.abort(new Error('the store is closing'));
    await Promise.all(this.#running.keys());
    this.#server.closeAllConnections();
  }

  async #answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    controller: AbortController,
  ): Promise<void> {
    response.setHeader('X-ClickHouse-Server-Display-Name', this.#displayName);
    response.once('close', () => controller.abort(new Error('the client is gone')));
    try {
      const url = new URL(request.url ?? '/', 'http://embedded');
      if (url.pathname === '/ping') await this.#pong(response);
      else await this.#run(request, url, response, controller.signal);
    } catch (error) {
      await refuse(response, error);
    }
  }

  async #pong(response: http.ServerResponse): Promise<void> {
    await this.#engine.ping();
    response.end('Ok.\n');
  }

  async #run(
    request: http.IncomingMessage,
    url: URL,
    response: http.ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const statement = await readStatement(request, url, this.#bodiesDirectory);
    response.setHeader('X-ClickHouse-Query-Id', encodeURI(statement.id));
    this.#log.debug({ id: statement.id }, 'statement');
    try {
      await this.#lanes.laneOf(statement.sql).run(async () => {
        for await (const piece of this.#engine.run(statement, signal)) await write(response, piece, signal);
      }, signal);
    } finally {
      if (statement.bodyFile !== undefined) rmSync(statement.bodyFile, { force: true });
    }
    response.end();
  }
}

async function write(response: http.ServerResponse, piece: Uint8Array, signal: AbortSignal): Promise<void> {
  if (!response.headersSent) response.setHeader('X-ClickHouse-Exception-Tag', randomBytes(8).toString('hex'));
  if (piece.length > 0 && !response.write(piece)) await once(response, 'drain', { signal });
}

/**
 * Before the first byte an error has a status and a header. Behind it, it is appended in the frame that ClickHouse 25.11
 * introduced; the tag, announced in a header, is what no row can forge.
 */
async function refuse(response: http.ServerResponse, error: unknown): Promise<void> {
  const { code, message } = describeException(error);
  if (!response.headersSent) {
    response.writeHead(500, { 'X-ClickHouse-Exception-Code': code, 'Content-Type': 'text/plain; charset=UTF-8' });
    response.end(`${message}\n`);
    return;
  }
  const tag = response.getHeader('X-ClickHouse-Exception-Tag');
  const text = `${message}\n`;
  const trailer = `${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`;
  // Let the rows go first: the client looks for the frame at the end of what it reads at once.
  if (response.writableLength > 0) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  response.end(`\r\n__exception__\r\n${tag}\r\n${trailer}`);
}
