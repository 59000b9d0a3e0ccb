/** So many a second, and so many at once after a pause. */
import type { Clock } from '../platform/clock.js';

export class RateBudget {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #countedMs: number;

  constructor({ clock, perSecond, burst }: { clock: Clock; perSecond: number; burst: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#countedMs = clock.monotonicMs();
  }

  /** Less than 0 when more was spent than there was. */
  get left(): number {
    const nowMs = this.#clock.monotonicMs();
    const earned = ((nowMs - this.#countedMs) / 1000) * this.#perSecond;
    this.#countedMs = nowMs;
    this.#left = Math.min(this.#burst, this.#left + earned);
    return this.#left;
  }

  spend(amount: number): void {
    this.#left -= amount;
  }
}
