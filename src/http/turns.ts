/**
 * Keeps the turns of the event loop short. To decompress and check a body of megabytes takes milliseconds, and dozens of
 * such bodies may be complete in the same turn; whoever sent a small request would wait for all of them. So a dear piece
 * of work begins only while a turn is young, and waits for one of the next otherwise.
 */
import type { Clock } from '../platform/clock.js';

/** Together with the longest piece of work this is how long others may have to wait. */
const TURN_MS_MAX = 10;

export class Turns {
  readonly #clock: Clock;
  /** When the first piece of work of this turn began. */
  #beganMs: number | null = null;
  /** First come, first served. */
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether work that could begin now has to wait for `next`. */
  get isOver(): boolean {
    this.#begin();
    return this.#waiting.length > 0 || this.#isLong;
  }

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get #isLong(): boolean {
    return this.#beganMs !== null && this.#clock.monotonicMs() - this.#beganMs >= TURN_MS_MAX;
  }

  #begin(): void {
    if (this.#beganMs !== null) return;
    this.#beganMs = this.#clock.monotonicMs();
    // Comes when all that the turn had to read has been read.
    setImmediate(() => this.#end());
  }

  async #end(): Promise<void> {
    this.#beganMs = null;
    while (this.#waiting.length > 0 && !this.#isLong) {
      this.#begin();
      this.#waiting.shift()?.();
      // The work is done in the microtask that was queued just now; this one is queued behind it.
      await null;
    }
  }
}
