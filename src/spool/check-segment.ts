/** Checks a segment that this process did not write, or could not cut, and takes out what is damaged. */
import * as path from 'node:path';
import type { SealedSegment, SegmentContents } from '../model/segment.js';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, type DiskFile, ignoreMissing } from '../platform/disk.js';
import { ContentsCounter } from './contents.js';
import { badPath } from './files.js';
import { readGroupMark } from './group.js';
import { readHead, segmentToken } from './head.js';
import { readSegment } from './read-segment.js';

export interface CheckedSegment {
  readonly segment: SealedSegment;
  readonly contents: SegmentContents;
  /** Damaged places that were moved to the `.bad` file. */
  readonly damaged: number;
}

/** Afterwards the file holds good lines only, each group once, and what was damaged is in `.bad`. Throws only when the disk does. */
export async function checkSegment(segment: SealedSegment, disk: Disk, log: Log): Promise<CheckedSegment> {
  const file = await disk.open(segment.path, 'read');
  try {
    const survey = await surveySegment(file, segment);
    const { good, damaged, isTorn, identity, contents } = survey;
    for (const { at, bytes, reason } of damaged) {
      log.error({ file: segment.path, offset: at, bytes, reason }, 'spool: damaged bytes are quarantined');
    }
    const bytes = good.reduce((total, range) => total + range.bytes, 0);
    if (damaged.length > 0) await quarantine(file, segment, survey, disk);
    else if (isTorn) await cut(segment.path, bytes, disk);
    return { segment: { ...segment, ...identity, bytes }, contents, damaged: damaged.length };
  } finally {
    await file.close().catch(() => {});
  }
}

interface Range {
  readonly at: number;
  readonly bytes: number;
}

interface Survey {
  readonly contents: SegmentContents;
  /** What the head says, if there is one: an operator may have moved the file here from another spool. */
  readonly identity: { readonly token: string; readonly shard: number };
  readonly good: readonly Range[];
  readonly damaged: readonly (Range & { readonly reason: string })[];
  readonly isTorn: boolean;
}

async function surveySegment(file: DiskFile, { token, shard }: SealedSegment): Promise<Survey> {
  const contents = new ContentsCounter();
  const good: { at: number; bytes: number }[] = [];
  const damaged: (Range & { reason: string })[] = [];
  let identity = { token, shard };
  let isTorn = false;
  for await (const piece of readSegment(file)) {
    const { at, bytes } = piece;
    if (piece.kind === 'torn') {
      isTorn = true;
      continue;
    }
    const reason = piece.kind === 'damaged' ? piece.reason : addLine(piece.rest);
    if (reason !== null) damaged.push({ at, bytes, reason });
    else addRange(good, at, bytes);
  }
  return { contents, identity, good, damaged, isTorn };

  /** Returns what is wrong with a line that checks itself, or null. */
  function addLine(rest: Buffer): string | null {
    const mark = readGroupMark(rest);
    if (mark === null) {
      const head = readHead(rest);
      if (head === null) return 'neither a head nor a group';
      identity = { token: segmentToken(head.spool, head.segment), shard: head.shard };
    } else {
      const last = contents.logstores.get(mark.logstoreId)?.lastSeq ?? -1;
      if (mark.seq <= last) return 'the sequence number does not grow';
      contents.addGroup(mark);
    }
    return null;
  }
}

/** Neighbours are joined, so that an undamaged segment is one range. */
function addRange(ranges: { at: number; bytes: number }[], at: number, bytes: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last.at + last.bytes === at) last.bytes += bytes;
  else ranges.push({ at, bytes });
}

/** Needs no space, which a torn segment may have been short of, and no sync: what comes back is cut again. */
async function cut(file: string, length: number, disk: Disk): Promise<void> {
  const torn = await disk.open(file, 'modify');
  try {
    await torn.truncate(length);
  } finally {
    await torn.close().catch(() => {});
  }
}

/** Damaged bytes are safe in `.bad` before the segment is replaced by its good lines. */
async function quarantine(file: DiskFile, segment: SealedSegment, survey: Survey, disk: Disk): Promise<void> {
  const directory = path.dirname(segment.path);
  const names = new Set((await disk.list(directory)).map(({ name }) => name));
  let n = 1;
  while (names.has(path.basename(badPath(directory, segment.number, n)))) n++;
  await copyRanges(file, survey.damaged, badPath(directory, segment.number, n), disk);
  const newPath = `${segment.path}.new`;
  await disk.remove(newPath).catch(ignoreMissing);
  await copyRanges(file, survey.good, newPath, disk);
  await disk.syncDirectory(directory);
  await disk.rename(newPath, segment.path);
  await disk.syncDirectory(directory);
}

/** Copies the ranges to a new file and syncs it. A copy that failed is removed: it must not be written or synced again. */
async function copyRanges(from: DiskFile, ranges: readonly Range[], to: string, disk: Disk): Promise<void> {
  const target = await disk.open(to, 'create');
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    let position = 0;
    for (const { at, bytes } of ranges) {
      for (let done = 0; done < bytes; ) {
        const part = buffer.subarray(0, Math.min(COPY_BYTES, bytes - done));
        const read = await from.read(part, at + done);
        if (read === 0) throw new Error(`${to}: its source became shorter while it was copied`);
        const written = await target.write([part.subarray(0, read)], position);
        if (written !== read) throw Object.assign(new Error(`short write to ${to}`), { code: 'ENOSPC' });
        done += read;
        position += read;
      }
    }
    await target.sync();
  } catch (error) {
    await disk.remove(to).catch(() => {});
    throw error;
  } finally {
    await target.close().catch(() => {});
  }
}

const COPY_BYTES = 1024 * 1024;
