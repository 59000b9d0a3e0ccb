/**
 * The servers that can be asked, one of which is: as long as it answers, the same one. When it does not, the next one is, and
 * what may be asked twice is asked again there. One that failed is left alone for a while, longer each time.
 *
 * The embedded store is one server that is never left.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Patience, type Place, Server, type Work } from './server.js';
import type { ServerHealth } from './store.js';
import { isServersTrouble } from './store-error.js';

export interface ServersOptions extends Patience {
  /** What the servers are called, and how to get at each. */
  readonly places: readonly Place[];
  /** How often each server is pinged; 0 for never. */
  readonly pingEveryMs: number;
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
    return this.#choose().ping(this.#closing.signal);
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
          const error = await server.ping(signal);
          if (signal.aborted) return;
          if (error === null) server.hasPonged();
          else this.#hasMissed(server, error);
        }),
      );
      await sleep(this.#options.pingEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
