/** A sealed spool segment as the spool hands it to the loader. */

/** What one logstore has in a segment. */
export interface LogstoreRange {
  logs: number;
  /** Sequence numbers of its first and last log group, both included. */
  firstSeq: number;
  lastSeq: number;
}

export interface SegmentContents {
  /** By logstore id. */
  readonly logstores: ReadonlyMap<number, LogstoreRange>;
  /** Logs in the whole segment. */
  readonly logCount: number;
  /** Earliest and latest receive time of its log groups in Unix milliseconds, both included; 0 in an empty segment. */
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** Earliest and latest time of its logs, the same way. Logs may bring times of their own. */
  readonly firstLogMs: number;
  readonly lastLogMs: number;
}

export interface SealedSegment {
  readonly shard: number;
  /** Grows by one from segment to segment; never used again within a spool. */
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
  /** Unique over all spools and time: spool id and segment number. The store's deduplication token. */
  readonly token: string;
  /** Written and synced by this very process. Others may have been loaded before, in part or in full, and may be damaged. */
  readonly fresh: boolean;
  /** Confirmed by the store before; kept until its hold time ends. */
  readonly loaded: boolean;
}
