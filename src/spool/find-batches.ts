/** Identities of batches that stand in segments of an earlier process. Changes nothing. */
import type { StoredBatch } from '../model/batch.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import { type GroupMark, readGroupMark } from './group.js';
import { readSegment } from './read-segment.js';

/** Of one segment; empty if what it has cannot be read: the loader meets that as well. */
export async function findBatches(file: string, disk: Disk, log: Log): Promise<readonly StoredBatch[]> {
  const batches: StoredBatch[] = [];
  try {
    const segment = await disk.open(file, 'read');
    try {
      // A retry is answered 200 for what is found here, so a power cut must not take it.
      await segment.sync();
      for await (const piece of readSegment(segment)) {
        const mark = piece.kind === 'line' ? readGroupMark(piece.rest) : null;
        if (mark !== null) addBatch(batches, mark);
      }
    } finally {
      await segment.close().catch(() => {});
    }
  } catch (error) {
    log.error({ err: error, file }, 'spool: identities of batches in a segment cannot be read');
  }
  return batches;
}

/** Adds the identity of a group, if it has one. */
export function addBatch(batches: StoredBatch[], { logstoreId, batch, timeMs }: GroupMark): void {
  if (batch !== undefined) batches.push({ logstoreId, batch, timeMs });
}
