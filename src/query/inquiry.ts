/** What one request asks of the store: one statement or several, which share its time. */
import type { Freshness } from '../api/query.js';
import type { Clock } from '../platform/clock.js';
import type { LogTable } from '../store/log-table.js';
import {
  type Answer,
  type QueryFigures,
  type QueryLimits,
  type Statement,
  type Store,
  StoreRefused,
} from '../store/store.js';

export interface InquiryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: QueryLimits;
}

export class Inquiry {
  readonly #deps: InquiryDeps;
  readonly #signal: AbortSignal;
  readonly #endMs: number;
  #figures: QueryFigures = { rowsRead: 0, bytesRead: 0, elapsedMs: 0 };

  /** Where it was asked for. */
  readonly freshness: Freshness | undefined;

  /** Begins the request's time. */
  constructor(deps: InquiryDeps, signal: AbortSignal, freshness?: Freshness) {
    this.freshness = freshness;
    this.#deps = deps;
    this.#signal = signal;
    this.#endMs = deps.clock.monotonicMs() + deps.limits.timeMsMax;
  }

  /** Of all statements together. */
  get figures(): QueryFigures {
    return this.#figures;
  }

  /** May be negative. */
  get timeLeftMs(): number {
    return this.#endMs - this.#deps.clock.monotonicMs();
  }

  /** As it is now. */
  table(): Promise<LogTable> {
    return this.#deps.store.table(this.#signal);
  }

  /** The whole answer of a statement that takes at most this part of the time that is left. Throws what the store throws. */
  async ask<Row>(write: (table: LogTable) => Statement, part = 1): Promise<Answer<Row>> {
    const { store, limits } = this.#deps;
    const timeMsMax = Math.floor(this.timeLeftMs * part);
    if (timeMsMax < 1) throw new StoreRefused(0, 'the time of the request is used up', { exceeded: 'time' });
    const statement = write(await this.table());
    const answer = await store.ask<Row>(statement, { ...limits, timeMsMax }, this.#signal);
    const { rowsRead, bytesRead, elapsedMs } = answer.figures;
    this.#figures = {
      rowsRead: this.#figures.rowsRead + rowsRead,
      bytesRead: this.#figures.bytesRead + bytesRead,
      elapsedMs: this.#figures.elapsedMs + elapsedMs,
    };
    return answer;
  }
}

/** Whether a statement was ended because its time was used up. */
export function isTimeOver(error: unknown): boolean {
  return error instanceof StoreRefused && error.exceeded === 'time';
}
