/** How far a shard has come with a logstore, as its worker says to the others: plain JSON. */
export interface ShardPosition {
  /** Behind the last log group that is durable. Never goes back. */
  readonly next: number;
  /** The store has every log group below that it will ever have. At most `next`. */
  readonly loaded: number;
  /** That is known of this run of the store; null if of any. */
  readonly storeRun: string | null;
}

export interface ShardQuestion {
  readonly logstoreId: number;
  /** From 1 on: the number of the spool. */
  readonly shard: number;
}
