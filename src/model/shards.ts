/** The shards that every logstore has, at any moment, by the numbers of their spools: from 1 on. Clients count from 0. */
import { type ClusterNode, shardsOf } from './cluster.js';

export interface Shards {
  /** A worker writes them. */
  readonly written: readonly number[];
  /** Those, and behind them the ones that are only read. */
  readonly all: readonly number[];
}

/** Of a node by itself: one for each worker, and those of workers that it has no more. */
export function ownShards(workers: number, old: readonly number[]): Shards {
  const written = shardsOf({ number: 0, workers });
  return { written, all: [...written, ...old] };
}

/** Of a cluster, as its nodes come and go. */
export class ClusterShards implements Shards {
  readonly #nodes: () => readonly ClusterNode[];

  constructor(nodes: () => readonly ClusterNode[]) {
    this.#nodes = nodes;
  }

  get written(): readonly number[] {
    return this.#nodes().flatMap((node) => (node.isSealed ? [] : shardsOf(node)));
  }

  get all(): readonly number[] {
    const written = this.written;
    const others = this.#nodes().flatMap(({ shards }) => shards.filter((shard) => !written.includes(shard)));
    return [...written, ...others];
  }
}
