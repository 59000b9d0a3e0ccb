/** How a service is doing: the answer of `GET /api/v1/status`, to a request with an access key. */

export interface Status {
  /** Of the program, as in package.json. */
  readonly version: string;
  /** Name of the node that all of this is about; null for a node by itself. */
  readonly node: string | null;
  /** Writes are accepted, by every worker. The same as `/readyz`. */
  readonly ready: boolean;
  /** Why not, for people; empty if ready. */
  readonly reasons: readonly string[];
  /** Since the supervisor started. */
  readonly uptimeSeconds: number;
  /** By shard, one for each worker. */
  readonly shards: readonly ShardStatus[];
  readonly store: StoreStatus;
  readonly disk: DiskStatus;
}

/** A worker and its spool. */
export interface ShardStatus {
  readonly shard: number;
  /** Null between two runs of the process. */
  readonly pid: number | null;
  /** How often the process was started again. */
  readonly restarts: number;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** Null while the process does not answer. */
  readonly figures: ShardFigures | null;
}

export interface ShardFigures {
  /** Everything in the spool, also what is loaded and only held. */
  readonly spoolBytes: number;
  /** Sealed, and not yet confirmed by the store. */
  readonly unloadedSegments: number;
  /** Age of the oldest of those; 0 if there is none. */
  readonly loadLagSeconds: number;
  /** Loaded, and kept for a while in case the store loses its last writes. */
  readonly heldBytes: number;
  /** Damaged places that were found in segments, and kept aside, since the process started. */
  readonly quarantinedPlaces: number;
  /** Segments that the store refused for their content; an operator has to look at them. */
  readonly setAsideSegments: number;
  /** Logs answered with 200 since the process started. */
  readonly acknowledgedLogs: number;
}

export type StoreStatus =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'embedded';
      readonly state: 'up' | 'starting' | 'down';
      /** What was wrong last; null if nothing was since the start. */
      readonly lastError: string | null;
      /** How often the store's process was started again. */
      readonly restarts: number;
    }
  | {
      /** A ClickHouse server or cluster, as the worker that answers sees it. */
      readonly kind: 'cluster';
      readonly state: 'up' | 'starting' | 'down';
      /** What keeps logs from being loaded, or what is wrong with a server if none is up; null if nothing is. */
      readonly lastError: string | null;
      /** In the order in which they are asked. */
      readonly servers: readonly ServerStatus[];
    };

export interface ServerStatus {
  readonly url: string;
  readonly isUp: boolean;
  /** What was wrong with it last; null if nothing has been since it last answered. */
  readonly error: string | null;
}

/** The file system of the data directory. */
export interface DiskStatus {
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Below so many free bytes new logs are refused. */
  readonly floorBytes: number;
}
