/** What all requests that are being read or wait for their acknowledgement may hold in memory together. */
import { type Clock, systemClock } from '../platform/clock.js';

/** A body that is being read, for which room is kept. */
export interface Arrival {
  /** When its headers had come, on the monotonic clock. */
  readonly startedMs: number;
  /** Of it, so far. */
  readonly bytes: number;
  /** Ends it and gives its room back. */
  giveUp(): void;
}

/** While there is no room for others, a body that is slower than this over all loses its own. Mobile networks are faster. */
const BYTES_A_SECOND_MIN = 16 * 1024;
/** A connection that is slow to begin is not silent yet. */
const START_MS_MAX = 1000;
/** Looking for slow ones takes a moment, and those who are refused are many. */
const RECLAIM_EVERY_MS = 100;

export class InFlight {
  readonly #bytesMax: number;
  readonly #clock: Clock;
  readonly #arrivals = new Set<Arrival>();
  #bytes = 0;
  #reclaimedMs = Number.NEGATIVE_INFINITY;

  constructor(bytesMax: number, clock: Clock = systemClock) {
    this.#bytesMax = bytesMax;
    this.#clock = clock;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False if that would be too much; nothing is taken then. */
  take(bytes: number): boolean {
    if (!this.#hasRoom(bytes)) this.#reclaim();
    if (!this.#hasRoom(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** For what is in memory already and only changes hands. */
  takeAnyway(bytes: number): void {
    this.#bytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Room was taken for a body that has yet to come. */
  begin(arrival: Arrival): void {
    this.#arrivals.add(arrival);
  }

  end(arrival: Arrival): void {
    this.#arrivals.delete(arrival);
  }

  #hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= this.#bytesMax;
  }

  /** Whoever announces much and sends nothing would keep all others out for as long as a request may take. */
  #reclaim(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#reclaimedMs < RECLAIM_EVERY_MS) return;
    this.#reclaimedMs = nowMs;
    for (const arrival of this.#arrivals) {
      const elapsedMs = nowMs - arrival.startedMs - START_MS_MAX;
      if (arrival.bytes < (elapsedMs / 1000) * BYTES_A_SECOND_MIN) arrival.giveUp();
    }
  }
}
