/**
 * Consumer groups and their checkpoints as they are kept: by a node by itself in the file `consumers.json` of its data directory,
 * in a cluster in a row that all nodes share. A group has a checkpoint for each shard, and a checkpoint is one short text, so that
 * this is small.
 */
import * as z from 'zod';
import { type KeptPlace, KeptValue } from '../platform/kept-value.js';
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

/** If there are none, or they are damaged, there are no groups: consumers make theirs again. */
export function keptGroups(place: KeptPlace): KeptValue<StoredGroups> {
  return new KeptValue({ place, schema });
}
