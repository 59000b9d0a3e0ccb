/** What depends on whether a node is by itself or one of a cluster. */
import type { Catalog, CatalogOptions } from '../catalog/writer.js';
import type { ConsumerGroups } from '../consume/consumer-groups.js';
import type { GatheredRefusals, RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import type { NodeLoad, ReachedNode } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import type { NodeCall } from '../nodes/call-signature.js';
import type { Replays } from '../quarantine/replayer.js';
import type { Deletions } from '../query/deletion/deletions.js';

/** What is asked of the worker that has a shard. */
export interface ShardCalls {
  position(question: ShardQuestion): Promise<ShardPosition>;
  passage(question: PassageQuestion): Promise<Passage>;
}

/** Its calls are about any shard. */
export interface Company extends ShardCalls {
  readonly catalog: Catalog;
  readonly groups: ConsumerGroups;
  readonly deletions: Deletions;
  /** Of the one worker that replays. */
  readonly replays: Replays;
  /** Those that the workers of this node write. */
  readonly shards: readonly number[];
  /** What another node asks. */
  answerNode(call: NodeCall): Promise<unknown>;
  /** The nodes that answer. */
  reachedNodes(): Promise<readonly ReachedNode[]>;
  askRefusals(question: RefusalQuestion): Promise<GatheredRefusals>;
  /** Throws NodeNotExist. */
  sealNode(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What other nodes may ask of this one, besides its shards. */
export interface OwnNode {
  load(): NodeLoad;
  askRefusals(question: RefusalQuestion): Promise<readonly RefusalAnswer[]>;
}

export interface CompanyOptions extends CatalogOptions {
  readonly workers: number;
  /** About the shards of this node. */
  readonly ownShards: ShardCalls;
  /** Of the worker of this node that replays. */
  readonly ownReplays: Replays;
  readonly ownNode: OwnNode;
}
