import type { Clock } from '../../src/platform/clock.js';

/** A clock that a test turns by hand. */
export class ManualClock implements Clock {
  #ms = 1_795_046_385_000;

  wallMs(): number {
    return this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  turn(ms: number): void {
    this.#ms += ms;
  }
}
