/** One limit that a request has to keep to - of its address, origin, logstore or project - aimed at the bucket of that request. */
import type { WriteQuota } from '../model/write-rules.js';
import { QuotaTable } from './quota-table.js';

/** 0 is no limit. */
export interface Rates {
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

const NO_PLACE = -1;

export class Meter {
  readonly #table: QuotaTable;
  /** They count where a quota has nothing of its own. */
  defaults: Rates;
  #place = NO_PLACE;
  /** What one request and one byte cost, in the time in which the rate gives them. */
  #requestMs = 0;
  #byteMs = 0;

  /** `places` are the buckets that there is memory for. */
  constructor(defaults: Rates, places: number) {
    this.defaults = defaults;
    this.#table = new QuotaTable(places);
  }

  /** Where neither a quota nor the defaults have a limit, no key needs to be made. */
  isLimited(quota?: WriteQuota): boolean {
    this.#place = NO_PLACE;
    const requests = quota?.requestsPerSecond ?? this.defaults.requestsPerSecond;
    const bytes = quota?.bytesPerSecond ?? this.defaults.bytesPerSecond;
    this.#requestMs = requests === 0 ? 0 : 1000 / requests;
    this.#byteMs = bytes === 0 ? 0 : 1000 / bytes;
    return requests !== 0 || bytes !== 0;
  }

  aim(high: number, low: number): void {
    this.#place = this.#table.placeOf(high, low);
  }

  /** The key is a hash of the text. Only so much of it counts as an origin or a name may have. */
  aimAtText(text: string): void {
    let high = 0x811c9dc5;
    let low = 0x9747b28c;
    for (let i = 0; i < text.length && i < TEXT_LENGTH_MAX; i++) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x5bd1e995) + i;
    }
    this.aim(high >>> 0, low >>> 0);
  }

  /** 0 or less if a request may pass. */
  requestsWaitMs(nowMs: number): number {
    return this.#place === NO_PLACE ? 0 : this.#table.requestsWaitMs(this.#place, nowMs);
  }

  bytesWaitMs(nowMs: number): number {
    return this.#place === NO_PLACE ? 0 : this.#table.bytesWaitMs(this.#place, nowMs);
  }

  take(requests: number, bytes: number, nowMs: number): void {
    if (this.#place !== NO_PLACE) {
      this.#table.take(this.#place, nowMs, requests * this.#requestMs, bytes * this.#byteMs);
    }
  }
}

const TEXT_LENGTH_MAX = 300;
