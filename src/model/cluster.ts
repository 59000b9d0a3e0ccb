/** The nodes that stand before one store: each has a number, and from it the numbers of its shards. */

/** What all nodes of a cluster have in common. */
export interface Cluster {
  /** Drawn when the first node came. */
  readonly id: string;
  /** Proves to a node that the one who asks is another. */
  readonly secret: string;
}

export interface ClusterNode {
  /** From 0 on; never given twice. */
  readonly number: number;
  /** Of its data directory, drawn when that was first used: it is the same node wherever it runs. */
  readonly id: string;
  /** What operators call it. */
  readonly name: string;
  /** Where the other nodes reach its admin listener; null if they do not. */
  readonly url: string | null;
  /** Each writes a shard. */
  readonly workers: number;
  /** Those it writes, and those it has written when it had more workers. */
  readonly shards: readonly number[];
  /** It is gone for good: its shards are only read, and it does not start again. */
  readonly isSealed: boolean;
  /** Unix seconds. */
  readonly joinedAt: number;
  /** Drawn at its last start, so that two processes with one data directory are told apart. Empty where nobody drew it. */
  readonly run: string;
}

/** Shards that a node may have: as many as workers. */
export const NODE_SHARDS_MAX = 64;

/** The numbers of shards are 16 bits wide in the store. */
export const NODES_MAX = Math.floor(0xffff / NODE_SHARDS_MAX);

/** The number of a node's shard, the first worker's being 1. A node by itself has number 0. */
function shardOf(node: number, worker: number): number {
  return node * NODE_SHARDS_MAX + worker;
}

/** The shards that the workers of a node write, the first worker's first. */
export function shardsOf({ number, workers }: Pick<ClusterNode, 'number' | 'workers'>): readonly number[] {
  return Array.from({ length: workers }, (_, i) => shardOf(number, i + 1));
}

/** The node that does what one does for all: the first that is not gone for good. */
export function keeperOf(nodes: readonly ClusterNode[]): ClusterNode | undefined {
  return nodes.find(({ isSealed }) => !isSealed);
}

/** Whether the keeper writes the shard. A node by itself does everything. */
export function isKeeperShard(nodes: readonly ClusterNode[], shard: number): boolean {
  const keeper = keeperOf(nodes);
  return keeper === undefined || keeper === nodeOfShard(nodes, shard);
}

export function nodeOfShard(nodes: readonly ClusterNode[], shard: number): ClusterNode | undefined {
  return nodes.find(({ shards }) => shards.includes(shard));
}
