/** What the processes of a node know of each other. All of it plain JSON: it goes from process to process. */
import type { ShardFigures } from '../api/status.js';

/** The embedded store's process. */
export interface StoreState {
  /** The unix socket it answers on. */
  readonly socket: string;
  readonly isUp: boolean;
  /** How often it was started; another number means another process, which has forgotten what the last one was doing. */
  readonly generation: number;
}

export interface Readiness {
  readonly isReady: boolean;
  /** Why not, for people; empty if ready. */
  readonly reasons: readonly string[];
}

/** What a worker says of itself while it lives. */
export interface Beat {
  readonly ready: Readiness;
  readonly status: ShardFigures;
}

export interface WorkerReport {
  readonly shard: number;
  /** Undefined between the end of one process and the start of the next. */
  readonly pid: number | undefined;
  /** How often it was started again. */
  readonly restarts: number;
  /** The last one of the running process; undefined until it accepts. */
  readonly beat: Beat | undefined;
  /** prom-client's metrics as JSON; undefined if the worker does not answer now. */
  readonly metrics: object | undefined;
}

/** How far a node's shards are behind, all of them together. */
export interface NodeLoad {
  /** Of the oldest segment that is not loaded; 0 if all are. */
  readonly loadLagSeconds: number;
  readonly unloadedSegments: number;
}

/** A node of the cluster that answers. */
export interface ReachedNode {
  readonly number: number;
  readonly load: NodeLoad;
}

export interface NodeReport {
  /** When the supervisor started, in Unix milliseconds. */
  readonly startedAtMs: number;
  /** By shard. */
  readonly workers: readonly WorkerReport[];
  /** Undefined without an embedded store. */
  readonly store: StoreState | undefined;
}
