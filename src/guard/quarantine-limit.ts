/** How much may go into the quarantine of a logstore: an endless stream of broken logs must not become an endless store. */
import type { Clock } from '../platform/clock.js';
import { Meter } from './meter.js';

/** By each worker, for each logstore; 0 is no limit. */
export interface QuarantineRates {
  readonly logsPerSecond: number;
  /** Of their texts. */
  readonly bytesPerSecond: number;
}

/** Logstores that fill their quarantine at a time. */
const PLACES = 2 ** 12;

export class QuarantineLimit {
  readonly #meter: Meter;
  readonly #clock: Clock;

  constructor({ logsPerSecond, bytesPerSecond }: QuarantineRates, clock: Clock) {
    this.#meter = new Meter({ requestsPerSecond: logsPerSecond, bytesPerSecond }, PLACES);
    this.#clock = clock;
  }

  /** Whether there is room for another log, or a batch of them: what it is more than there is will be waited for. */
  hasRoom(logstoreId: number): boolean {
    if (!this.#aim(logstoreId)) return true;
    const nowMs = this.#clock.monotonicMs();
    return this.#meter.requestsWaitMs(nowMs) <= 0 && this.#meter.bytesWaitMs(nowMs) <= 0;
  }

  take(logstoreId: number, logs: number, bytes: number): void {
    if (this.#aim(logstoreId)) this.#meter.take(logs, bytes, this.#clock.monotonicMs());
  }

  #aim(logstoreId: number): boolean {
    if (!this.#meter.isLimited()) return false;
    this.#meter.aim(0, logstoreId);
    return true;
  }
}
