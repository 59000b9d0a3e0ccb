/** A node by itself: what it keeps, its catalog first, are files in its data directory. */
import * as path from 'node:path';
import { openCatalog } from '../catalog/writer.js';
import { openGroupKeeper } from '../consume/group-keeper.js';
import { ApiError } from '../errors.js';
import { shardsOf } from '../model/cluster.js';
import { filePlace } from '../platform/file-place.js';
import { openDeletionKeeper } from '../query/deletion/deletion-keeper.js';
import type { Company, CompanyOptions } from './company.js';

export async function stayAlone({
  workers,
  ownShards,
  ownReplays,
  ownNode,
  ...options
}: CompanyOptions): Promise<Company> {
  const catalog = await openCatalog(options);
  const { dir, disk, clock, log } = options;
  const groups = await openGroupKeeper({
    place: filePlace(disk, path.join(dir, 'consumers.json')),
    clock,
    log,
    hasLogstore: (id) => catalog.view.logstoreById(id) !== undefined,
  });
  const deletions = await openDeletionKeeper({ place: filePlace(disk, path.join(dir, 'deletions.json')), clock, log });
  return {
    catalog,
    groups,
    deletions,
    replays: ownReplays,
    shards: shardsOf({ number: 0, workers }),
    position: (question) => ownShards.position(question),
    passage: (question) => ownShards.passage(question),
    answerNode: () => Promise.reject(new ApiError('Unauthorized')),
    reachedNodes: async () => [],
    askRefusals: async (question) => ({ answers: await ownNode.askRefusals(question), missingNodes: [] }),
    sealNode: (node) => Promise.reject(new ApiError('NodeNotExist', { node })),
    async close() {
      await catalog.close();
      await groups.close();
      await deletions.close();
    },
  };
}
