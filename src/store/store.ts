/** What the rest of Logboom asks of the store. Everything that knows ClickHouse is behind this. */

import type { SealedSegment, SegmentContents } from '../model/segment.js';
import type { SharedKind, SharedRows } from '../model/shared-rows.js';
import type { LayoutChange } from './adapt-layout.js';
import type { Erasure } from './erasure.js';
import type { LogTable } from './log-table.js';
import type { StoredSizes } from './stored-sizes.js';
import type { Transfer } from './transfer.js';

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

/** Of an answer that is gathered whole, in bytes: it is in memory several times over before it leaves. */
export const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

export interface QueryLimits {
  readonly timeMsMax: number;
  readonly memoryBytesMax: number;
  readonly rowsMax: number;
}

/** What a query cost. */
export interface QueryFigures {
  /** Rows and bytes (uncompressed) that the store looked at to find the answer. */
  readonly rowsRead: number;
  readonly bytesRead: number;
  /** In the store itself: waiting for its turn is not counted. */
  readonly elapsedMs: number;
}

export interface Column {
  readonly name: string;
  /** As ClickHouse names it: `Nullable(Int64)`. */
  readonly type: string;
}

/** A whole answer. 64-bit integers are text, so that they keep all their digits. */
export interface Answer<Row> {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly figures: QueryFigures;
}

export interface BinaryRows {
  /** As `generation` has it: the run of the store that answered. */
  readonly generation: string;
  /** Cut anywhere. Rows count only once this has ended without throwing. Has to be iterated, or the query stays open. */
  readonly bytes: AsyncIterable<Buffer>;
}

/** One of the servers that answer for the store, as it was when it was last asked anything. */
export interface ServerHealth {
  /** Its address; `embedded` if it is ours. */
  readonly name: string;
  readonly isUp: boolean;
  /** What was wrong with it last; null if nothing has been since it last answered. */
  readonly error: string | null;
}

export interface Store {
  /**
   * Whether tokens are as safe as rows: an insert that is repeated whole adds nothing, however the first attempt ended and
   * whichever server is asked. Counting is then no proof, since a server may be behind the others.
   */
  readonly remembersTokens: boolean;
  servers(): readonly ServerHealth[];
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
  /**
   * Ends any insert of this segment that an earlier attempt left running, and resolves when none is and every server has what
   * was inserted: from then on counting is exact.
   */
  settleSegment(token: string, signal: AbortSignal): Promise<void>;
  /** The table as it is now: statements are written with it and run soon after. */
  table(signal: AbortSignal): Promise<LogTable>;
  /**
   * Gives columns of their own to keys that are declared, or that many of the recent logs carry. Loading and searching go on
   * meanwhile. See hot-column.ts.
   */
  adaptLayout(declaredKeys: readonly string[], signal: AbortSignal): Promise<LayoutChange>;
  /** Rows of a read-only statement, as they come. Aborting really ends it in the engine. */
  query<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal): AsyncIterable<Row>;
  /** The same at once and whole, with what it cost: for answers that are small. Refuses those over `ANSWER_BYTES_MAX`. */
  ask<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal): Promise<Answer<Row>>;
  /** The same as a Parquet file, whole, its pages compressed like this. Refuses what is over `ANSWER_BYTES_MAX` of rows. */
  parquet(
    statement: Statement,
    compression: 'none' | 'gzip' | 'zstd',
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<Buffer>;
  /** The same in RowBinary: see `BinaryRows`. */
  queryBinary(statement: Statement, limits: QueryLimits, signal: AbortSignal): Promise<BinaryRows>;
  /** What the nodes before this store keep together in it. */
  sharedRows(kind: SharedKind): SharedRows;
  /** By logstore id, the retentions in days that its logs have. */
  ttls(): Promise<ReadonlyMap<number, readonly number[]>>;
  /** Gives all logs of a logstore this retention, in the background; those that are too old under it are deleted. */
  setTtl(logstoreId: number, ttlDays: number): Promise<void>;
  /** Hides all logs of a logstore for good, in the background. Their files go by merges, and by `dropHidden`. */
  deleteLogstore(logstoreId: number): Promise<void>;
  /**
   * Has the oldest past day that has hidden logs written anew without them, in the background. Resolves with that day
   * (`2026-11-22`), or null if there is none.
   */
  dropHidden(): Promise<string | null>;
  /** Deletes chosen rows so that no file has them any more. */
  readonly erasure: Erasure;
  /** What logs take, and deleting the oldest of them. */
  readonly sizes: StoredSizes;
  /** Copies logs to another store, or from one. */
  readonly transfer: Transfer;
  close(): Promise<void>;
}

/** The store does not answer, or not now; what was asked may be tried again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** Whether it has not the memory, now. */
  readonly lacksMemory: boolean;

  constructor(message: string, options?: ErrorOptions & { readonly lacksMemory?: boolean }) {
    super(message, options);
    this.lacksMemory = options?.lacksMemory ?? false;
  }
}

/** What a query can take too much of. `rows` and `bytes` are read ones; `answer` is what it gives. */
export type Limit = 'rows' | 'bytes' | 'time' | 'memory' | 'answer';

/**
 * What only the store can tell of a statement: a regular expression is none, a sub-query that stands for one value has many
 * rows, a function cannot work with a value or a type, tables cannot be joined on a condition, the whole is too large.
 */
export type Misuse = 'regexp' | 'subquery' | 'value' | 'type' | 'join' | 'size';

/** The store refused what was asked; trying again gives the same. `code` is ClickHouse's. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
  readonly code: number;
  /** The limit that the query was over; null if that is not what is wrong. */
  readonly exceeded: Limit | null;
  /** What else the one who asked can change; null if there is nothing. */
  readonly misuse: Misuse | null;

  constructor(
    code: number,
    message: string,
    { exceeded = null, misuse = null }: { readonly exceeded?: Limit | null; readonly misuse?: Misuse | null } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.exceeded = exceeded;
    this.misuse = misuse;
  }
}
