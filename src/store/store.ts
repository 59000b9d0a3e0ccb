/** What the rest of Logboom asks of the store. Everything that knows ClickHouse is behind this. */

import type { SealedSegment, SegmentContents } from '../model/segment.js';
import type { LogTable } from './log-table.js';

export interface SegmentLoad {
  readonly segment: SealedSegment;
  readonly contents: SegmentContents;
  /** Ids of deleted logstores: their logs are left out. */
  readonly deadLogstores: readonly number[];
}

/** SQL text with `{name:Type}` placeholders, and their values. User text is only ever a value. */
export interface Statement {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string | number | readonly string[] | readonly number[]>>;
}

export interface QueryLimits {
  readonly timeMsMax: number;
  readonly memoryBytesMax: number;
  readonly rowsMax: number;
}

export interface Store {
  /** Resolves when the store answers; throws `StoreUnavailable` otherwise. */
  ping(): Promise<void>;
  /** Names this run of the store; a new value means that it was restarted. */
  generation(signal: AbortSignal): Promise<string>;
  /** Inserts all logs of a segment as one block under its token. Repeating it adds nothing. */
  insertSegment(load: SegmentLoad, signal: AbortSignal): Promise<void>;
  /**
   * Inserts those logs of a segment that are not there, in small steps that need little memory; refuses what does not fit even
   * then. No insert of the segment may be running: see `settleSegment`.
   */
  insertMissing(load: SegmentLoad, signal: AbortSignal): Promise<void>;
  /** How many rows of the segment the store has, by logstore id. */
  countSegment(load: SegmentLoad, signal: AbortSignal): Promise<ReadonlyMap<number, number>>;
  /** Ends any insert of this segment that an earlier attempt left running, and resolves when none is. */
  settleSegment(token: string, signal: AbortSignal): Promise<void>;
  /** The table as it is now: statements are written with it and run soon after. */
  table(signal: AbortSignal): Promise<LogTable>;
  /** Rows of a read-only statement, as they come. Aborting really ends it in the engine. */
  query<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal): AsyncIterable<Row>;
  /** By logstore id, the retentions in days that its logs have. */
  ttls(): Promise<ReadonlyMap<number, readonly number[]>>;
  /** Gives all logs of a logstore this retention, in the background; those that are too old under it are deleted. */
  setTtl(logstoreId: number, ttlDays: number): Promise<void>;
  /** Deletes all logs of a logstore, in the background. */
  deleteLogstore(logstoreId: number): Promise<void>;
  close(): Promise<void>;
}

/** The store does not answer, or not now; what was asked may be tried again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The store refused what was asked; trying again gives the same. `code` is ClickHouse's. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
