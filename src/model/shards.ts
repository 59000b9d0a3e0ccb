/** The shards that every logstore has, at any moment, by the numbers of their spools: from 1 on. Clients count from 0. */
import { type ClusterNode, shardOf } from './cluster.js';

export interface Shards {
  /** A worker writes them. */
  readonly written: readonly number[];
  /** Those, and behind them the ones that are only read. */
  readonly all: readonly number[];
}

/** Of a node by itself: one for each worker, and those of workers that it has no more. */
export function ownShards(workers: number, old: readonly number[]): Shards {
  const written = Array.from({ length: workers }, (_, i) => shardOf(0, i + 1));
  return { written, all: [...written, ...old] };
}

/** Of a cluster, as its nodes come and go. */
export class ClusterShards implements Shards {
  readonly #nodes: () => readonly ClusterNode[];

  constructor(nodes: () => readonly ClusterNode[]) {
    this.#nodes = nodes;
  }

  get written(): readonly number[] {
    return this.#nodes().flatMap(({ number, workers, isSealed }) =>
      isSealed ? [] : Array.from({ length: workers }, (_, i) => shardOf(number, i + 1)),
    );
  }

  get all(): readonly number[] {
    const written = this.written;
    const others = this.#nodes().flatMap(({ shards }) => shards.filter((shard) => !written.includes(shard)));
    return [...written, ...others];
  }
}
