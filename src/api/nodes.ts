/**
 * The nodes of a cluster over the admin API, for those whose key is for all projects.
 *
 *   GET  /api/v1/nodes             NodeList, with a key that may read
 *   POST /api/v1/nodes/:node/seal  → 200, empty: the node is gone for good; what it had not loaded is lost with its disk
 */

export interface NodeInfo {
  readonly number: number;
  readonly name: string;
  /** Of its admin listener; null if the others do not reach it. */
  readonly url: string | null;
  /** `up` if it answered just now; `sealed` if it is gone for good. */
  readonly state: 'up' | 'unreachable' | 'sealed';
  /** As clients number them, from 0 on. */
  readonly shards: readonly number[];
  /** Unix seconds. */
  readonly joinedAt: number;
  /** How far its shards are behind; null while it does not answer. */
  readonly load: NodeLoadInfo | null;
}

export interface NodeLoadInfo {
  /** Age of the oldest segment that the store has not confirmed; 0 if there is none. */
  readonly loadLagSeconds: number;
  readonly unloadedSegments: number;
}

export interface NodeList {
  /** Empty for a node by itself. */
  readonly nodes: readonly NodeInfo[];
}
