/** What a spool directory says at start, read from the newest segment alone where nothing is amiss. Changes nothing. */
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import type { StoredBatch } from '../model/batch.js';
import type { SealedSegment } from '../model/segment.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import { leadingNumber, readSegmentName, type SegmentState } from './files.js';
import { addBatch, findBatches } from './find-batches.js';
import { readGroupMark } from './group.js';
import { type Head, readHead, type SpoolIdentity, segmentToken } from './head.js';
import { readSegment } from './read-segment.js';
import { Sequences } from './sequences.js';

/** Where a writer goes on. */
export interface SpoolOrigin extends SpoolIdentity {
  readonly sequences: Sequences;
  /** Number of the next segment. */
  readonly nextNumber: number;
}

export interface Recovered {
  readonly origin: SpoolOrigin;
  /** Those to load and those to hold, oldest first. None is fresh. */
  readonly segments: readonly SealedSegment[];
  /** Numbers of those that are known to hold no groups. */
  readonly withoutGroups: ReadonlySet<number>;
  /** Segments from this number on tell where the sequences stand, until there is a newer one with a head. */
  readonly neededFrom: number;
  /** By segment, oldest first, identities of batches that may be nowhere else. */
  readonly batches: ReadonlyMap<number, readonly StoredBatch[]>;
}

export interface RecoverOptions {
  readonly directory: string;
  readonly shard: number;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
}

type DirectoryEntry = Awaited<ReturnType<Disk['list']>>[number];

/** Succeeds with anything at all in the directory; throws only if that itself cannot be read. */
export async function recoverSpool(options: RecoverOptions): Promise<Recovered> {
  const { directory, shard, disk, clock, log } = options;
  const entries = await disk.list(directory);
  const found = await findSegments(entries, options);
  const reading = await readNewest(found, options);
  const { identity, sequences, withoutGroups, neededFrom } = reading;
  const namedMax = entries.reduce((max, { name }) => Math.max(max, leadingNumber(name)), 0);
  // Numbers were given out that cannot be read: go on where none has been. They grow by less than one a microsecond.
  if (reading.isDamaged || (identity === null && namedMax > 0)) sequences.raiseAll(clock.wallMs() * 1000);
  const { spool, base } = identity ?? {
    spool: randomBytes(8).toString('hex'),
    base: BigInt(clock.wallMs()) * 1_000_000n,
  };
  const segments = found
    .filter(({ state }) => state !== 'aside')
    .map(({ number, state, path, bytes }) => ({
      shard,
      number,
      path,
      bytes: bytes ?? 0,
      token: segmentToken(spool, number),
      fresh: false,
      loaded: state === 'loaded',
    }));
  const nextNumber = Math.max(namedMax, reading.numberMax) + 1;
  const batches = new Map(reading.batches);
  for (const { number, path } of found) {
    const isRead = number <= reading.batchesTo || batches.has(number);
    if (!isRead) batches.set(number, await findBatches(path, disk, log));
  }
  return {
    origin: { spool, base, sequences, nextNumber },
    segments,
    withoutGroups,
    neededFrom,
    batches: inOrder(batches),
  };
}

function inOrder<T>(bySegment: ReadonlyMap<number, T>): ReadonlyMap<number, T> {
  return new Map([...bySegment].sort(([a], [b]) => a - b));
}

interface FoundSegment {
  readonly number: number;
  readonly state: SegmentState;
  readonly path: string;
  /** Null if the disk does not say. */
  readonly bytes: number | null;
}

/** Segment files in order. */
async function findSegments(entries: readonly DirectoryEntry[], options: RecoverOptions): Promise<FoundSegment[]> {
  const { directory, disk } = options;
  const found: FoundSegment[] = [];
  for (const { name, isFile } of entries) {
    const segment = isFile ? readSegmentName(name) : null;
    if (segment === null) continue;
    const file = path.join(directory, name);
    found.push({ ...segment, path: file, bytes: await disk.size(file).catch(() => null) });
  }
  // One number under two names is an operator's copy: the unconfirmed one is checked against the store.
  const sealed = new Set(found.filter(({ state }) => state === 'sealed').map(({ number }) => number));
  return found
    .filter(({ state, number }) => state !== 'loaded' || !sealed.has(number))
    .sort((a, b) => a.number - b.number);
}

interface Reading {
  readonly identity: SpoolIdentity | null;
  readonly sequences: Sequences;
  /** Something could not be read that may have held groups. */
  readonly isDamaged: boolean;
  readonly withoutGroups: ReadonlySet<number>;
  readonly neededFrom: number;
  /** The highest number that a head gives its segment. */
  readonly numberMax: number;
  /** As the newest head says; 0 without one. */
  readonly batchesTo: number;
  /** Of the segments that were read, by number. */
  readonly batches: ReadonlyMap<number, readonly StoredBatch[]>;
}

/**
 * Reads from the newest segment down to the first whose head can be read. A head that names a lower number than its
 * file does was moved there; then it reads on down to that number, and so finds what had been in its place.
 */
async function readNewest(found: readonly FoundSegment[], options: RecoverOptions): Promise<Reading> {
  const sequences = new Sequences();
  const withoutGroups = new Set<number>();
  const batches = new Map<number, readonly StoredBatch[]>();
  let identity: SpoolIdentity | null = null;
  let isDamaged = false;
  let [neededFrom, numberMax, batchesTo] = [0, 0, 0];
  for (const { number, path } of found.toReversed()) {
    if (identity !== null && number < neededFrom) break;
    const said = await readSequences(path, sequences, options);
    isDamaged ||= said.isDamaged;
    batches.set(number, said.batches);
    if (!said.hasGroups && !said.isDamaged) withoutGroups.add(number);
    if (said.head === null) continue;
    neededFrom = Math.min(number, said.head.segment, identity === null ? number : neededFrom);
    numberMax = Math.max(numberMax, said.head.segment);
    if (identity === null) batchesTo = said.head.batchesTo;
    identity ??= said.head;
  }
  return { identity, sequences, isDamaged, withoutGroups, neededFrom, numberMax, batchesTo, batches };
}

interface SegmentReading {
  /** Null if it has none of this shard that can be read. */
  readonly head: Head | null;
  readonly hasGroups: boolean;
  readonly isDamaged: boolean;
  readonly batches: readonly StoredBatch[];
}

/** Raises `sequences` to what the segment says. */
async function readSequences(path: string, sequences: Sequences, options: RecoverOptions): Promise<SegmentReading> {
  const { shard, disk, log } = options;
  const batches: StoredBatch[] = [];
  let head: Head | null = null;
  let hasGroups = false;
  let isDamaged = false;
  try {
    const file = await disk.open(path, 'read');
    try {
      // After a kill its last changes may be in the cache alone. A power cut must not undo what is read here: it would
      // bring back groups that a failed commit left and the cut took off, with numbers that are given out again now.
      await file.sync();
      for await (const piece of readSegment(file)) {
        isDamaged ||= piece.kind === 'damaged';
        if (piece.kind !== 'line') continue;
        const mark = readGroupMark(piece.rest);
        if (mark !== null) {
          hasGroups = true;
          sequences.raise(mark.logstoreId, mark.seq + 1);
          addBatch(batches, mark);
          continue;
        }
        const read = readHead(piece.rest);
        // One of another shard was moved here by an operator; its sequences are not ours.
        if (read === null || read.shard !== shard) continue;
        head ??= read;
        sequences.raiseAll(read.sequences.first);
        for (const [logstoreId, seq] of read.sequences.next) sequences.raise(logstoreId, seq);
      }
    } finally {
      await file.close().catch(() => {});
    }
  } catch (error) {
    log.error({ err: error, file: path }, 'spool: a segment cannot be read; it is kept');
    isDamaged = true;
  }
  return { head, hasGroups, isDamaged, batches };
}
