/**
 * Slows down those who guess. After a few failures for one key or from one address, the next attempt has to wait, twice as long
 * each time. Each worker counts for itself: secrets have 40 random characters, and the brake only keeps guessing cheap for us.
 */
import type { Clock } from '../platform/clock.js';

const FREE_FAILURES = 5;
const WAIT_MS_MAX = 60_000;
/** Of failures counted at a time; the oldest go. Room for a /16 that guesses. */
const SUBJECTS_MAX = 10_000;

export class SignInBrake {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long one of these has to wait before it may try; 0 if not at all. */
  waitMs(subjects: readonly string[]): number {
    const nowMs = this.#clock.monotonicMs();
    return Math.max(0, ...subjects.map((subject) => (this.#failures.get(subject)?.untilMs ?? 0) - nowMs));
  }

  failed(subjects: readonly string[]): void {
    for (const subject of subjects) {
      const count = (this.#failures.get(subject)?.count ?? 0) + 1;
      // Set anew, it is the youngest.
      this.#failures.delete(subject);
      const waitMs = count < FREE_FAILURES ? 0 : Math.min(WAIT_MS_MAX, 1000 * 2 ** Math.min(count - FREE_FAILURES, 10));
      this.#failures.set(subject, { count, untilMs: this.#clock.monotonicMs() + waitMs });
    }
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= SUBJECTS_MAX) break;
      this.#failures.delete(oldest);
    }
  }

  succeeded(subjects: readonly string[]): void {
    for (const subject of subjects) this.#failures.delete(subject);
  }
}
