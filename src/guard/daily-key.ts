/**
 * A secret that is another one each day (UTC) and the same in every process that has been given it. Each day's is a digest of
 * the day before's, and that is forgotten: nobody can go back, not even with all that the process remembers.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.js';

const DAY_MS = 86_400_000;

/** Plain JSON, to be given to another process. */
export interface KeyOfDay {
  /** Since 1970. */
  readonly day: number;
  /** Hexadecimal. */
  readonly key: string;
}

export class DailyKey {
  readonly #clock: Clock;
  #day: number;
  #key: Buffer;

  /** A new one, unless another process has begun it. */
  constructor(clock: Clock, begun?: KeyOfDay) {
    this.#clock = clock;
    this.#day = begun?.day ?? dayOf(clock);
    this.#key = begun === undefined ? randomBytes(32) : Buffer.from(begun.key, 'hex');
  }

  /** Today's. A clock that is set back does not bring a day back. */
  get key(): Buffer {
    const today = dayOf(this.#clock);
    while (this.#day < today) {
      this.#key = createHash('sha256').update(this.#key).digest();
      this.#day++;
    }
    return this.#key;
  }

  get ofDay(): KeyOfDay {
    const key = this.key.toString('hex');
    return { day: this.#day, key };
  }
}

function dayOf(clock: Clock): number {
  return Math.floor(clock.wallMs() / DAY_MS);
}
