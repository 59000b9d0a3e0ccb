/** A node of a cluster: what it keeps, the catalog first, all nodes have in common, in the store before which they stand. */
import { openSharedCatalog } from '../catalog/shared-catalog.js';
import type { ConsumerGroups } from '../consume/consumer-groups.js';
import { openGroupKeeper } from '../consume/group-keeper.js';
import { type ClusterNode, shardsOf } from '../model/cluster.js';
import { openDeletionKeeper } from '../query/deletion/deletion-keeper.js';
import type { Deletions } from '../query/deletion/deletions.js';
import type { Store } from '../store/store.js';
import type { Company, CompanyOptions } from './company.js';
import { Duty } from './duty.js';
import { Peers, type ReplayDesk } from './peers.js';
import { forgetful, sharedPlace } from './shared-place.js';

export interface JoinedOptions extends CompanyOptions {
  readonly store: Store;
  readonly self: Pick<ClusterNode, 'name' | 'url'>;
  readonly answerMsMax: number;
  /** Called once when another process goes on as this node. */
  readonly onReplaced: (error: Error) => void;
}

const GROUP_CALLS: readonly (keyof ConsumerGroups)[] = [
  'listGroups',
  'createGroup',
  'updateGroup',
  'deleteGroup',
  'heartbeat',
  'saveCheckpoint',
  'checkpoints',
];

const DELETION_CALLS: readonly (keyof Deletions)[] = [
  'createDeletion',
  'listDeletions',
  'cancelDeletion',
  'nextDeletion',
  'stepDeletion',
];

/** Throws what `openSharedCatalog` throws. Closes the store in the end. */
export async function joinCluster({
  store,
  ownShards,
  ownReplays,
  ownNode,
  answerMsMax,
  ...options
}: JoinedOptions): Promise<Company> {
  const catalog = await openSharedCatalog({ ...options, rows: store.sharedRows('catalog') });
  const { workers, clock, log } = options;
  const { view, node } = catalog;
  const opened: { close(): Promise<void> }[] = [];
  const groups = new Duty<ConsumerGroups>(GROUP_CALLS, async () => {
    const keeper = await openGroupKeeper({
      place: sharedPlace(store.sharedRows('consumers'), 'groups'),
      clock,
      log,
      hasLogstore: (id) => view.logstoreById(id) !== undefined,
    });
    opened.push(keeper);
    return keeper;
  });
  const deletions = new Duty<Deletions>(DELETION_CALLS, async () => {
    const rows = store.sharedRows('deletions');
    // Searches, which name people, are gone from the store soon after they are gone from the deletions.
    const keeper = await openDeletionKeeper({ place: forgetful(sharedPlace(rows, 'all'), rows), clock, log });
    opened.push(keeper);
    return keeper;
  });
  const replays = new Duty<ReplayDesk>(['replays'], async () => ({ replays: ownReplays }));
  const peers = new Peers({
    view,
    self: node.number,
    ownShards,
    duties: { groups, deletions, replays },
    ownNode,
    clock,
    answerMsMax,
  });
  return {
    catalog,
    groups: peers.groups,
    deletions: peers.deletions,
    replays: peers.replays,
    shards: shardsOf({ number: node.number, workers }),
    position: (question) => peers.position(question),
    passage: (question) => peers.passage(question),
    answerNode: (call) => peers.answer(call),
    reachedNodes: () => peers.reachedNodes(),
    askRefusals: (question) => peers.askRefusals(question),
    sealNode: (name) => catalog.sealNode(name),
    async close() {
      await catalog.close();
      await Promise.all(opened.map((one) => one.close()));
      await store.close();
    },
  };
}
