/** What is asked about a shard, whoever has its spool: this worker, another one, another node, or nobody any more. */
import type { CatalogView } from '../catalog/catalog.js';
import { SealedShards } from '../consume/sealed-shards.js';
import { ApiError } from '../errors.js';
import { nodeOfShard } from '../model/cluster.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import { systemClock } from '../platform/clock.js';
import type { Store } from '../store/store.js';
import type { AppDeps } from '../supervisor/app-contract.js';
import type { OpenShards } from './open-shards.js';

export interface AnyShard {
  /** How far it has come. */
  position(question: ShardQuestion): Promise<ShardPosition>;
  /** How far the store has it, for when nobody else says anything. */
  storedPosition(question: ShardQuestion): Promise<ShardPosition>;
  /** How far its spool has let go of its segments. */
  passage(question: PassageQuestion): Promise<Passage>;
}

/** Questions that nobody answers at this moment are refused with ServerBusy. */
export function anyShard(deps: AppDeps, catalog: CatalogView, store: Store | undefined, spools: OpenShards): AnyShard {
  const sealed = store && new SealedShards(store, systemClock);
  const storedPosition = async (question: ShardQuestion) => {
    if (sealed === undefined) throw new ApiError('ServerBusy');
    return sealed.position(question);
  };
  return {
    storedPosition,
    async position(question) {
      const here = spools.position(question);
      if (here !== undefined) return here;
      const isSealed = nodeOfShard(catalog.nodes(), question.shard)?.isSealed ?? false;
      return orBusy(isSealed ? storedPosition(question) : deps.supervisor.position(question));
    },
    passage: (question) => spools.passage(question) ?? orBusy(deps.supervisor.passage(question)),
  };
}

/** What another process is asked for; it may be being started again. */
export function orBusy<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw cause instanceof ApiError ? cause : new ApiError('ServerBusy', {}, { cause });
  });
}
