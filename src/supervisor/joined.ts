/** A node of a cluster: the catalog and the consumer groups are those of all nodes, in the store before which they stand. */
import { openSharedCatalog } from '../catalog/shared-catalog.js';
import { type GroupKeeper, openGroupKeeper } from '../consume/group-keeper.js';
import { sharedPlace } from '../consume/shared-place.js';
import { type ClusterNode, shardOf } from '../model/cluster.js';
import type { Store } from '../store/store.js';
import type { Company, CompanyOptions } from './company.js';
import { Peers } from './peers.js';

export interface JoinedOptions extends CompanyOptions {
  readonly store: Store;
  readonly self: Pick<ClusterNode, 'name' | 'url'>;
  readonly answerMsMax: number;
  /** Called once when another process goes on as this node. */
  readonly onReplaced: (error: Error) => void;
}

/** Throws what `openSharedCatalog` throws. Closes the store in the end. */
export async function joinCluster({ store, ownShards, answerMsMax, ...options }: JoinedOptions): Promise<Company> {
  const catalog = await openSharedCatalog({ ...options, rows: store.sharedRows('catalog') });
  const { workers, clock, log } = options;
  const { view, node } = catalog;
  let keeper: GroupKeeper | undefined;
  const peers = new Peers({
    view,
    self: node.number,
    ownShards,
    async openGroups() {
      keeper = await openGroupKeeper({
        place: sharedPlace(store.sharedRows('consumers'), 'groups'),
        clock,
        log,
        hasLogstore: (id) => view.logstoreById(id) !== undefined,
      });
      return keeper;
    },
    clock,
    answerMsMax,
  });
  return {
    catalog,
    groups: peers.groups,
    shards: Array.from({ length: workers }, (_, i) => shardOf(node.number, i + 1)),
    position: (question) => peers.position(question),
    passage: (question) => peers.passage(question),
    answerNode: (call) => peers.answer(call),
    async reachedNodes() {
      const reached = await Promise.all(view.nodes().map(async (one) => ({ one, isUp: await peers.reaches(one) })));
      return reached.filter(({ isUp }) => isUp).map(({ one }) => one.number);
    },
    sealNode: (name) => catalog.sealNode(name),
    async close() {
      await catalog.close();
      await keeper?.close();
      await store.close();
    },
  };
}
