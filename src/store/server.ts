/** One server of a store: how it is reached, how it is, and what is asked of it at this moment. */
import { openDeadline } from '../platform/deadline.js';
import type { Log } from '../platform/diagnostics.js';
import type { Clients } from './connect.js';
import type { ServerHealth } from './store.js';
import { wantsOtherAccess } from './store-error.js';

export interface Place {
  readonly name: string;
  /** Throws if it cannot be tried at all: a file with a password is missing. */
  connect(): Clients;
}

export interface Patience {
  readonly log: Log;
  /** How long a ping may take. */
  readonly pingMsMax: number;
  /** How long a server that failed is left alone: at first, and at most. */
  readonly restMsMin: number;
  readonly restMsMax: number;
}

/** `clients` are those of the server that is asked. */
export type Work<T> = (clients: Clients, signal: AbortSignal) => Promise<T>;

const HANGS = new Error('the server does not answer pings any more');

export class Server {
  readonly name: string;
  readonly #place: Place;
  readonly #patience: Patience;
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

  constructor(place: Place, patience: Patience) {
    this.name = place.name;
    this.#place = place;
    this.#patience = patience;
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
  async ping(signal: AbortSignal): Promise<unknown> {
    const ending = openDeadline(this.#patience.pingMsMax, signal);
    try {
      const answer = await this.clients().bootstrap.ping({ abort_signal: ending.signal, select: false });
      return answer.success ? null : answer.error;
    } catch (error) {
      return error;
    } finally {
      ending.close();
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
    const { restMsMin, restMsMax, log } = this.#patience;
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
