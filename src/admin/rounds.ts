/** Work that is done again and again, one round after the other, and at once when it is asked for. */
import type { Log } from '../platform/diagnostics.js';

export interface RoundsOptions {
  readonly name: string;
  readonly log: Log;
  /** Resolves with the milliseconds until the next round. It is expected to fail while the store is away. */
  work(): Promise<number>;
}

const RETRY_MS = 5000;

export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#schedule(0);
  }

  /** Resolves when the round under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const before = this.#running ?? Promise.resolve();
      this.#running = before.then(() => this.#round());
    }, ms);
  }

  async #round(): Promise<void> {
    const { name, log, work } = this.#options;
    try {
      this.#schedule(await work());
    } catch (error) {
      log.debug({ err: error }, `${name}: not possible now`);
      this.#schedule(RETRY_MS);
    }
  }
}
