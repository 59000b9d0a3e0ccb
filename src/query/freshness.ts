/** What was acknowledged, and an answer cannot have: nobody should take for zero what is not loaded yet. */
import type { Freshness } from '../api/query.js';
import { ShardEnds, type ShardEndsDeps } from './shard-ends.js';

/** Read before the question is asked, so that what it says is loaded is in the answer. */
export async function readFreshness(deps: ShardEndsDeps, logstoreId: number): Promise<Freshness> {
  const { known, missing } = await new ShardEnds(deps, logstoreId).look();
  return {
    waitingGroups: [...known.values()].reduce((sum, { next, loaded }) => sum + next - loaded, 0),
    missingShards: missing.map(clientShard),
  };
}

/** Clients count from 0. */
export function clientShard(shard: number): number {
  return shard - 1;
}
