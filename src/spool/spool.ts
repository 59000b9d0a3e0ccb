/**
 * The spool of one shard: where log groups become durable, and where sealed segments wait for the loader.
 * Format and rules: docs/spool-format.md
 */
import type { BatchMemory } from '../model/batch.js';
import type { Passage } from '../model/spool-passage.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import { BatchCover } from './batch-cover.js';
import { isAside } from './files.js';
import type { Acknowledge } from './gathering.js';
import type { SpoolGroup } from './group.js';
import { type Position, Progress } from './progress.js';
import { recoverSpool } from './recover.js';
import { Shelf } from './shelf.js';
import { type Commit, SpoolWriter } from './writer.js';

export interface SpoolOptions {
  /** Of this shard alone; made if it is missing. */
  readonly directory: string;
  readonly shard: number;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly commitBytesMax: number;
  readonly segmentBytesMax: number;
  readonly segmentLogsMax: number;
  /** A segment with groups in it is sealed at this age, unless the loader has enough to do. */
  readonly segmentAgeMs: number;
  readonly holdMs: number;
  readonly holdBytesMax: number;
  /** All segments together. */
  readonly bytesMax: number;
  /** Nothing is accepted while the disk has less than this left. */
  readonly freeBytesMin: number;
  /** A commit that takes longer sheds new work early. */
  readonly stallShedMs: number;
  /** A commit that takes longer makes readiness fail. */
  readonly stallUnreadyMs: number;
  /** Gathered bytes that are still accepted while a commit stalls. */
  readonly stallBytesMax: number;
  readonly onCommit: (commit: Commit) => void;
  /** Where identities of batches are kept. */
  readonly batches: BatchMemory;
}

export interface SpoolStatus {
  readonly bytes: number;
  readonly unloadedSegments: number;
  readonly heldBytes: number;
  readonly quarantinedPlaces: number;
  readonly setAsideSegments: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly commitMs: number;
}

const SEAL_CHECK_MS = 50;
const SPACE_CHECK_MS = 1000;
const RETRY_MS = 1000;
/** With this many segments waiting, more and smaller ones would only make the store's work dearer. */
const WAITING_ENOUGH = 2;

export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, disk, log, batches: memory } = options;
  await disk.makeDirectory(directory);
  const recovered = await recoverSpool(options);
  const { batches, origin } = recovered;
  await memory.found([...batches.values()].flat());
  const found = [...batches].flatMap(([number, { length }]) => (length === 0 ? [] : [number]));
  const cover = new BatchCover({ memory, log, sealedTo: origin.nextNumber - 1, found });
  const unread = recovered.segments.filter(({ loaded, number }) => !loaded && !recovered.withoutGroups.has(number));
  const progress = new Progress(
    recovered.origin.sequences,
    unread.map(({ number }) => number),
  );
  const shelf = new Shelf(options, recovered, progress, cover);
  const writer = new SpoolWriter({
    ...options,
    origin: recovered.origin,
    progress,
    retryMs: RETRY_MS,
    onHead: (segmentNumber) => shelf.keepFrom(segmentNumber),
    batchesTo: () => cover.keptTo,
    onSealed: (segment, contents) => {
      cover.sealed(segment.number, contents.hasBatches);
      shelf.add(segment, contents);
    },
  });
  const space = await disk.space(directory);
  await writer.open();
  return new Spool(options, shelf, writer, progress, space);
}

export class Spool {
  /** For the loader. */
  readonly segments: Shelf;
  readonly #options: SpoolOptions;
  readonly #writer: SpoolWriter;
  readonly #progress: Progress;
  readonly #timers: NodeJS.Timeout[];
  #space: { freeBytes: number; totalBytes: number };
  #checkingSpace: Promise<void> | null = null;
  /** Why the disk takes nothing more, or null. */
  #full: string | null = null;

  constructor(
    options: SpoolOptions,
    segments: Shelf,
    writer: SpoolWriter,
    progress: Progress,
    space: { freeBytes: number; totalBytes: number },
  ) {
    this.segments = segments;
    this.#options = options;
    this.#writer = writer;
    this.#progress = progress;
    this.#space = space;
    this.#judgeSpace();
    this.#timers = [
      setInterval(() => this.#sealByAge(), SEAL_CHECK_MS),
      setInterval(() => this.#checkSpace(), SPACE_CHECK_MS),
    ];
  }

  /** Why a new group is not accepted now, or null. In memory; asked for every request, before its body is read. */
  refusal(): string | null {
    const { stallShedMs, stallBytesMax } = this.#options;
    if (this.#full !== null) return this.#full;
    if (this.#writer.failure !== null) return this.#writer.failure.message;
    if (this.#writer.commitMs > stallShedMs && this.#writer.gatheredBytes > stallBytesMax) return 'the disk is stalled';
    return null;
  }

  /** Why readiness should fail, or null: a refusal that lasts. */
  unreadiness(): string | null {
    if (this.#writer.commitMs > this.#options.stallUnreadyMs) return 'the disk is stalled';
    return this.refusal();
  }

  /** Makes `group` durable. Its body is copied before this returns; `acknowledge` may be called before, if it is refused. */
  append(group: SpoolGroup, acknowledge: Acknowledge): void {
    this.#writer.append(group, acknowledge);
  }

  /** How far the spool has let go of its segments. With a number, those up to it go as soon as they may. */
  async passage(upTo: number | null): Promise<Passage> {
    const newest = this.#writer.newestNumber;
    if (upTo !== null) this.#writer.pass(upTo);
    const names = (await this.#options.disk.list(this.#options.directory)).map(({ name }) => name);
    // Last: what was written meanwhile is newer.
    const { oldest } = this.segments;
    return { newest, oldest: oldest ?? this.#writer.groupsIn, asides: names.filter(isAside) };
  }

  /** How far a logstore has come in this shard. */
  position(logstoreId: number): Position {
    return this.#progress.position(logstoreId);
  }

  status(): SpoolStatus {
    const { segments } = this;
    return {
      bytes: this.#bytes,
      unloadedSegments: segments.unloadedCount,
      heldBytes: segments.heldBytes,
      quarantinedPlaces: segments.quarantinedPlaces,
      setAsideSegments: segments.setAsideSegments,
      ...this.#space,
      commitMs: this.#writer.commitMs,
    };
  }

  /** Acknowledges what is gathered, seals and closes. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#writer.close();
    await this.#checkingSpace;
  }

  get #bytes(): number {
    return this.#writer.activeBytes + this.segments.unloadedBytes + this.segments.heldBytes;
  }

  #sealByAge(): void {
    const isDue = this.#writer.activeAgeMs >= this.#options.segmentAgeMs;
    if (isDue && this.segments.unloadedCount < WAITING_ENOUGH) this.#writer.roll();
  }

  /** One at a time: on a disk that stalls they would take all of the threads that the commits need too. */
  #checkSpace(): void {
    this.#checkingSpace ??= this.#readSpace().finally(() => {
      this.#checkingSpace = null;
    });
  }

  async #readSpace(): Promise<void> {
    await this.segments.sweep();
    try {
      this.#space = await this.#options.disk.space(this.#options.directory);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'spool: could not read the free space');
    }
    this.#judgeSpace();
  }

  #judgeSpace(): void {
    const { freeBytesMin, bytesMax, log } = this.#options;
    const full =
      this.#space.freeBytes < freeBytesMin
        ? `the disk has ${this.#space.freeBytes} bytes left, less than the floor of ${freeBytesMin}`
        : this.#bytes > bytesMax
          ? `the spool has reached its limit of ${bytesMax} bytes`
          : null;
    if (full !== null && this.#full === null) log.error({ reason: full }, 'spool: refusing new logs');
    if (full === null && this.#full !== null) log.info('spool: accepting new logs again');
    this.#full = full;
  }
}
