/**
 * Copies the spools of a service that goes on. They are copied before the store is frozen: what is loaded and deleted in
 * between is in the store by then, so that every log acknowledged before the copy began is in one of the two, or in both.
 *
 * A segment grows at its end alone, so that its first bytes, as many as there were, are what a power cut at that moment
 * would have left. Why nothing is twice afterwards: docs/decisions/0008-online-backup.md
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { ignoreMissing } from '../platform/disk.js';
import { readSegmentName, segmentPath } from '../spool/files.js';
import type { CopiedTree } from './copied-tree.js';

export async function copySpools(data: string, tree: CopiedTree): Promise<void> {
  const shards = (await fs.readdir(path.join(data, 'spool')).catch(ignoreMissing)) ?? [];
  for (const shard of shards.filter((name) => /^\d{1,5}$/.test(name))) {
    const directory = path.join(data, 'spool', shard);
    for (const name of await fs.readdir(directory)) {
      const to = `spool/${shard}/${name}`;
      if (name === 'lock' || name.endsWith('.new')) continue;
      if (!(await tree.copy(path.join(directory, name), to))) await copyRenamed(directory, name, shard, tree);
    }
  }
}

/** A segment that was confirmed by the store since it was listed. If that is gone as well, the store has had it for long. */
async function copyRenamed(directory: string, name: string, shard: string, tree: CopiedTree): Promise<void> {
  const segment = readSegmentName(name);
  if (segment?.state !== 'sealed') return;
  const loaded = segmentPath(directory, segment.number, 'loaded');
  const to = `spool/${shard}/${path.basename(loaded)}`;
  if (!tree.files.has(to)) await tree.copy(loaded, to);
}
