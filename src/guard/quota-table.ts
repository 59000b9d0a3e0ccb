/**
 * Token buckets of very many keys in memory that does not grow, such as one for each address on the Internet.
 *
 * A bucket is kept as the moment at which it will be full again, one for requests and one for bytes. So a bucket that is full
 * needs no place at all: whatever lies at a moment that has passed is free, and no sweep has to look for it.
 *
 * The table is what a processor's cache is: a key has a set of eight places, and lies in one of them or nowhere. If all eight
 * are taken, the key whose bucket is nearest to full gives way: it has used least of what it may, and forgetting that lets it
 * use a little more. So over the table's capacity limits become softer, and nobody is refused for others. The hash is seeded,
 * so that nobody can tell which keys would meet.
 */
import { randomBytes } from 'node:crypto';

const WAYS = 8;

/** How much a bucket holds: what its rate gives in this time. A page's start or an office coming back from lunch fits in. */
export const BURST_MS = 10_000;

export class QuotaTable {
  readonly #setMask: number;
  readonly #seed = randomBytes(4).readInt32LE();
  /** Two words each. */
  readonly #keys: Uint32Array;
  /** By place, in milliseconds of the monotonic clock. */
  readonly #requestsFullAt: Float64Array;
  readonly #bytesFullAt: Float64Array;

  /** `places` is a power of two. A place takes 24 bytes, which the system gives when it is first used. */
  constructor(places: number) {
    if (places < WAYS || (places & (places - 1)) !== 0) throw new Error(`places must be a power of two: ${places}`);
    this.#setMask = places / WAYS - 1;
    this.#keys = new Uint32Array(2 * places);
    this.#requestsFullAt = new Float64Array(places);
    this.#bytesFullAt = new Float64Array(places);
  }

  /** The place of a key of two words. Valid until the next key is placed. */
  placeOf(high: number, low: number): number {
    const first = (this.#hash(high, low) & this.#setMask) * WAYS;
    let fullest = first;
    let fullestAt = Number.POSITIVE_INFINITY;
    for (let place = first; place < first + WAYS; place++) {
      if (this.#keys[2 * place] === high && this.#keys[2 * place + 1] === low) return place;
      const fullAt = Math.max(this.#requestsFullAt[place] as number, this.#bytesFullAt[place] as number);
      if (fullAt < fullestAt) {
        fullest = place;
        fullestAt = fullAt;
      }
    }
    this.#keys[2 * fullest] = high;
    this.#keys[2 * fullest + 1] = low;
    this.#requestsFullAt[fullest] = 0;
    this.#bytesFullAt[fullest] = 0;
    return fullest;
  }

  /** How long until there is a token for a request; 0 or less if there is one. */
  requestsWaitMs(place: number, nowMs: number): number {
    return (this.#requestsFullAt[place] as number) - BURST_MS - nowMs;
  }

  bytesWaitMs(place: number, nowMs: number): number {
    return (this.#bytesFullAt[place] as number) - BURST_MS - nowMs;
  }

  /** Takes what the rates give in so many milliseconds. More than there is becomes a debt: a body is never split. */
  take(place: number, nowMs: number, requestsMs: number, bytesMs: number): void {
    this.#requestsFullAt[place] = Math.max(this.#requestsFullAt[place] as number, nowMs) + requestsMs;
    this.#bytesFullAt[place] = Math.max(this.#bytesFullAt[place] as number, nowMs) + bytesMs;
  }

  #hash(high: number, low: number): number {
    let hash = Math.imul(high ^ this.#seed, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ low, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 16) ^ this.#seed, 0x27d4eb2d);
    return hash ^ (hash >>> 15);
  }
}
