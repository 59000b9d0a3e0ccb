/**
 * The servers that can be asked, one of which is: as long as it answers, the same one. When it does not, the next one is, and
 * what may be asked twice is asked again there. One that failed is left alone for a while, longer each time.
 *
 * The embedded store is one server that is never left.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/diagnostics.js';
import type { Clients } from './connect.js';
import type { ServerHealth } from './store.js';
import { isServersTrouble, wantsOtherAccess } from './store-error.js';

export interface ServersOptions {
  /** What the servers are called, and how to get at each. */
  readonly places: readonly Place[];
  readonly log: Log;
  /** How long a ping may take, and how often each server is pinged; 0 for never. */
  readonly pingMsMax: number;
  readonly pingEveryMs: number;
  /** How long a server that failed is left alone: at first, and at most. */
  readonly restMsMin: number;
  readonly restMsMax: number;
}

export interface Place {
  readonly name: string;
  /** Throws if it cannot be tried at all: a file with a password is missing. */
  connect(): Clients;
}

/** In a row: then what is asked of it is asked of another server. */
const PINGS_MISSED_MAX = 2;

/** Whether what was asked may be asked of another server, when the first one has not answered to the end. */
export type Repeatable = 'repeatable' | 'once';

export class Servers {
  readonly #options: ServersOptions;
  readonly #servers: readonly Server[];
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  /** The one that is asked. */
  #current: Server;

  constructor(options: ServersOptions) {
    this.#options = options;
    this.#servers = options.places.map((place) => new Server(place, options));
    const [first] = this.#servers;
    if (first === undefined) throw new Error('A store needs a server.');
    this.#current = first;
    this.#watching = options.pingEveryMs === 0 ? Promise.resolve() : this.#watch();
  }

  /**
   * Throws what `work` threw at the last server that was tried. `work` is repeated from its beginning. Its signal is `signal`, or
   * says that the server hangs while another one would answer.
   */
  async ask<T>(work: Work<T>, repeatable: Repeatable, signal?: AbortSignal): Promise<T> {
    for (let tried = 1; ; tried++) {
      const server = this.#choose();
      try {
        const result = await server.run(work, signal);
        server.hasAnswered();
        return result;
      } catch (error) {
        // Whoever no longer waits has learnt nothing about the server.
        if (signal?.aborted || !isServersTrouble(error)) throw error;
        server.hasFailed(error);
        if (repeatable === 'once' || tried >= this.#servers.length) throw error;
      }
    }
  }

  /** Whether the server in use answers, by its own account; null if it does, or what is wrong. */
  ping(): Promise<unknown> {
    return this.#choose().ping();
  }

  /** The name of the one that was asked last. */
  get inUse(): string {
    return this.#current.name;
  }

  health(): readonly ServerHealth[] {
    return this.#servers.map((server) => server.health());
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  /** Stays with a server that is up. Where none is, the one that was left alone for the longest is tried. */
  #choose(): Server {
    if (!this.#current.isResting) return this.#current;
    const at = this.#servers.indexOf(this.#current);
    const others = [...this.#servers.slice(at + 1), ...this.#servers.slice(0, at)];
    const rested = others.find((server) => !server.isResting);
    if (rested !== undefined) {
      this.#options.log.warn({ from: this.#current.name, to: rested.name }, 'the store is asked at another server');
    }
    this.#current =
      rested ?? [this.#current, ...others].toSorted((a, b) => a.restUntil - b.restUntil)[0] ?? this.#current;
    return this.#current;
  }

  /** One ping may be lost in a heavy moment. Where nobody else would answer, what runs has all the time it was given. */
  #hasMissed(server: Server, error: unknown): void {
    server.hasFailed(error);
    const isAnyUp = this.#servers.some((other) => other !== server && other.health().isUp);
    if (server.missPing() >= PINGS_MISSED_MAX && isAnyUp) server.giveUp();
  }

  /** Finds out about servers that hang, about those that are back, and how they are when nobody asks anything. */
  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await Promise.all(
        this.#servers.map(async (server) => {
          if (server.isResting) return;
          const error = await server.ping();
          if (error === null) server.hasPonged();
          else this.#hasMissed(server, error);
        }),
      );
      await sleep(this.#options.pingEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

/** `clients` are those of the server that is asked. */
export type Work<T> = (clients: Clients, signal: AbortSignal) => Promise<T>;

const HANGS = new Error('the server does not answer pings any more');

class Server {
  readonly name: string;
  readonly #place: Place;
  readonly #options: ServersOptions;
  #clients: Clients | undefined;
  /** In a row, since it answered anything but a ping: one that only answers pings is left alone for longer and longer. */
  #failures = 0;
  #missedPings = 0;
  /** What is asked of it at this moment. */
  readonly #running = new Set<AbortController>();
  /** By the monotonic clock. */
  #restUntil = Number.NEGATIVE_INFINITY;
  #isUp = false;
  #error: string | null = null;

  constructor(place: Place, options: ServersOptions) {
    this.name = place.name;
    this.#place = place;
    this.#options = options;
  }

  get isResting(): boolean {
    return performance.now() < this.#restUntil;
  }

  get restUntil(): number {
    return this.#restUntil;
  }

  clients(): Clients {
    this.#clients ??= this.#place.connect();
    return this.#clients;
  }

  /** Null if it answers, or what is wrong. */
  async ping(): Promise<unknown> {
    try {
      const abort_signal = AbortSignal.timeout(this.#options.pingMsMax);
      const answer = await this.clients().bootstrap.ping({ abort_signal, select: false });
      return answer.success ? null : answer.error;
    } catch (error) {
      return error;
    }
  }

  async run<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    const ending = new AbortController();
    const end = (): void => ending.abort(signal?.reason);
    signal?.addEventListener('abort', end);
    this.#running.add(ending);
    try {
      signal?.throwIfAborted();
      return await work(this.clients(), ending.signal);
    } catch (error) {
      throw ending.signal.reason === HANGS ? HANGS : error;
    } finally {
      signal?.removeEventListener('abort', end);
      this.#running.delete(ending);
    }
  }

  /** Ends what is asked of it: it may never be answered. */
  giveUp(): void {
    for (const ending of this.#running) ending.abort(HANGS);
  }

  /** Returns how many it has missed in a row. */
  missPing(): number {
    this.#missedPings++;
    return this.#missedPings;
  }

  hasAnswered(): void {
    this.#missedPings = 0;
    this.#failures = 0;
    this.#restUntil = Number.NEGATIVE_INFINITY;
    this.#isUp = true;
    this.#error = null;
  }

  hasPonged(): void {
    this.#missedPings = 0;
    this.#isUp = true;
    this.#error = null;
  }

  hasFailed(error: unknown): void {
    const { restMsMin, restMsMax, log } = this.#options;
    this.#error = error instanceof Error ? error.message : String(error);
    if (this.#isUp) log.warn({ err: error, server: this.name }, 'a server of the store does not answer');
    this.#isUp = false;
    this.#restUntil = performance.now() + Math.min(restMsMax, restMsMin * 2 ** this.#failures);
    this.#failures++;
    // What runs on the old connections goes on; the next statement reads the password again.
    if (wantsOtherAccess(error)) this.#clients = undefined;
  }

  health(): ServerHealth {
    return { name: this.name, isUp: this.#isUp, error: this.#error };
  }

  async close(): Promise<void> {
    if (this.#clients === undefined) return;
    await Promise.all([this.#clients.bootstrap.close(), this.#clients.client.close()]);
  }
}
