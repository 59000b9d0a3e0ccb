/**
 * Consumer groups and their checkpoints on disk: `consumers.json` in the data directory. A group has a checkpoint for each
 * shard, and a checkpoint is one short text, so that the file is small.
 */
import * as path from 'node:path';
import * as z from 'zod';
import type { Disk } from '../platform/disk.js';
import { KeptFile } from '../platform/kept-file.js';
import type { Checkpoint, ConsumerGroup } from './consumer-groups.js';

export interface StoredGroup extends ConsumerGroup {
  readonly logstoreId: number;
  readonly checkpoints: readonly Checkpoint[];
}

export interface StoredGroups {
  readonly v: 1;
  readonly groups: readonly StoredGroup[];
}

const schema = z.object({
  v: z.literal(1),
  groups: z.array(
    z.object({
      logstoreId: z.int(),
      name: z.string(),
      timeout: z.number(),
      order: z.boolean(),
      checkpoints: z.array(
        z.object({ shard: z.int(), checkpoint: z.string(), updateTime: z.number(), consumer: z.string() }),
      ),
    }),
  ),
});

/** Without a file, or with a damaged one, there are no groups: consumers make theirs again. */
export function groupsFile(disk: Disk, dir: string): KeptFile<StoredGroups> {
  return new KeptFile({ disk, path: path.join(dir, 'consumers.json'), schema });
}
