/**
 * Makes a copied spool one of its own. The original may go on, and has given out numbers since: consumers hold cursors of
 * them, and the store may know its tokens. So the copy gets another name, and sequences that go on from the microseconds since
 * 1970, as those of a spool that lost them do: nothing gets there by counting. It is said by one more segment, which has a
 * head and nothing else; the next start reads it first.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Disk } from '../platform/disk.js';
import { leadingNumber, segmentPath } from './files.js';
import { headLine } from './head.js';
import { createSegment } from './open-segment.js';
import { Sequences } from './sequences.js';

export interface RenewOptions {
  readonly directory: string;
  readonly shard: number;
  readonly disk: Disk;
  readonly clock: Clock;
}

export async function renewSpool({ directory, shard, disk, clock }: RenewOptions): Promise<void> {
  const entries = await disk.list(directory);
  const segment = entries.reduce((max, { name }) => Math.max(max, leadingNumber(name)), 0) + 1;
  const open = await createSegment(directory, segment, segmentPath(directory, segment, 'sealed'), disk);
  try {
    const nowMs = clock.wallMs();
    const head = headLine({
      spool: randomBytes(8).toString('hex'),
      base: BigInt(nowMs) * 1_000_000n,
      shard,
      segment,
      sequences: new Sequences([], nowMs * 1000),
      // Identities of batches are read from every segment that was copied.
      batchesTo: 0,
    });
    await open.append([head], clock);
  } finally {
    await open.close();
  }
}
