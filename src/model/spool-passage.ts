/** How far a shard's spool has let go of what it had, as its worker says to the others: plain JSON. */
export interface PassageQuestion {
  /** From 1 on: the number of the spool. */
  readonly shard: number;
  /** Segments up to this one should go as soon as they may; null only asks. */
  readonly upTo: number | null;
}

export interface Passage {
  /** No segment behind it holds a log group that was acknowledged by now. */
  readonly newest: number;
  /** The first segment with log groups that is there, to be loaded or held, or that the loader is at work on; null if none. */
  readonly oldest: number | null;
  /** Files that were taken out for the operator: segments set aside, damaged bytes. Nobody loads them, and they may hold logs. */
  readonly asides: readonly string[];
}
