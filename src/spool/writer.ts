/**
 * Makes log groups durable: gathers lines in memory while a commit is under way, then writes and syncs them as one.
 * Everything here follows "Rules of writing" in docs/spool-format.md.
 */
import type { SealedSegment } from '../model/segment.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import type { ContentsCounter } from './contents.js';
import { segmentPath } from './files.js';
import { type Acknowledge, type Chunk, Gathering } from './gathering.js';
import { groupLineBytes, groupPrefix, type SpoolGroup, writeGroupLine } from './group.js';
import { headLine, segmentToken } from './head.js';
import { createSegment, type OpenSegment } from './open-segment.js';
import type { Progress } from './progress.js';
import type { SpoolOrigin } from './recover.js';
import type { Sequences } from './sequences.js';

export interface WriterOptions {
  readonly directory: string;
  readonly shard: number;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly origin: SpoolOrigin;
  readonly progress: Progress;
  readonly commitBytesMax: number;
  readonly segmentBytesMax: number;
  readonly segmentLogsMax: number;
  /** Waits before one more segment is tried, when none works. */
  readonly retryMs: number;
  /** Called when the head of a new segment is durable: older ones are no longer needed to find the sequences. */
  readonly onHead: (segmentNumber: number) => void;
  /** Called once for each segment with something durable in it, in order, when nothing more will be written to it. */
  readonly onSealed: (segment: SealedSegment, contents: ContentsCounter) => void;
  /** For heads: up to which segment identities of batches are kept elsewhere. */
  readonly batchesTo: () => number;
  /** Called after every successful commit, before its groups are acknowledged. */
  readonly onCommit: (commit: Commit) => void;
}

export interface Commit {
  readonly groups: number;
  readonly logs: number;
  readonly bytes: number;
  readonly syncMs: number;
}

/** A group was not acknowledged: the disk failed or is full, or the spool is closed. */
export class SpoolFailure extends Error {
  override readonly name = 'SpoolFailure';
}

export class SpoolWriter {
  readonly #options: WriterOptions;
  readonly #sequences: Sequences;
  readonly #gathering: Gathering;
  #nextNumber: number;
  /** Receive times do not decrease within a segment; with the next one they follow a clock that was set back. */
  #lastTimeMs = 0;
  /** Null between two segments, and while none works. */
  #active: OpenSegment | null = null;
  /** The one that is being closed, before it is handed over. */
  #retiring: OpenSegment | null = null;
  /** The next segment, made ahead of time so that no commit waits for its directory entry; null if that failed. */
  #spare: Promise<OpenSegment | null> | null = null;
  #failure: SpoolFailure | null = null;
  /** What commits and recovers, one step after the other; null while there is nothing to do. */
  #work: Promise<void> | null = null;
  #commitStartedMs: number | null = null;
  #isRollWanted = false;
  /** A head shall be durable in the segment being written, although there is no group to go with it. */
  #isHeadWanted = false;
  #isClosing = false;
  #endPause: (() => void) | null = null;

  constructor(options: WriterOptions) {
    const { origin, commitBytesMax, segmentBytesMax, segmentLogsMax } = options;
    this.#options = options;
    this.#sequences = origin.sequences;
    this.#nextNumber = origin.nextNumber;
    this.#gathering = new Gathering({ bytesMax: Math.min(commitBytesMax, segmentBytesMax), logsMax: segmentLogsMax });
  }

  /** Opens the first segment. If the disk will not have it, `failure` says why and it is tried again and again. */
  async open(): Promise<void> {
    if (!(await this.#startSegment())) this.#wake();
  }

  /** Why nothing can be written at present, or null. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Bytes that wait for a commit to begin. */
  get gatheredBytes(): number {
    return this.#gathering.bytes;
  }

  /** How long the commit under way has been going on, 0 if there is none. */
  get commitMs(): number {
    return this.#commitStartedMs === null ? 0 : this.#options.clock.monotonicMs() - this.#commitStartedMs;
  }

  /** Bytes of the segment being written. */
  get activeBytes(): number {
    return this.#active?.durableBytes ?? 0;
  }

  /** How long the segment being written has held groups, 0 if it has none. */
  get activeAgeMs(): number {
    const startedMs = this.#active?.firstCommitAtMs ?? null;
    return startedMs === null ? 0 : this.#options.clock.monotonicMs() - startedMs;
  }

  /** No segment behind this one holds a group that is durable by now. */
  get newestNumber(): number {
    const active = this.#active;
    if (active === null) return this.#nextNumber - 1;
    return active.hasGroups ? active.number : active.number - 1;
  }

  /** The segment with groups that is not handed over yet; null if there is none. */
  get groupsIn(): number | null {
    const segment = this.#retiring ?? this.#active;
    return segment?.hasGroups ? segment.number : null;
  }

  /** Sees to it that segments up to this one are sealed, and not needed to find the sequences. */
  pass(number: number): void {
    const active = this.#active;
    if (active === null) return;
    if (active.number <= number) this.#isRollWanted = true;
    else if (active.durableBytes === 0) this.#isHeadWanted = true;
    else return;
    this.#wake();
  }

  append(group: SpoolGroup, acknowledge: Acknowledge): void {
    if (this.#failure !== null || this.#isClosing) {
      acknowledge(this.#failure ?? new SpoolFailure('the spool is closed'));
      return;
    }
    const { logstoreId, batch, body } = group;
    const timeMs = Math.max(this.#options.clock.wallMs(), this.#lastTimeMs);
    const seq = this.#sequences.take(logstoreId);
    const prefix = groupPrefix(group, seq, timeMs);
    const chunk = this.#gathering.chunkFor(groupLineBytes(prefix, body), body.logCount);
    chunk.used = writeGroupLine(prefix, body, chunk.buffer, chunk.used);
    const { logCount, times } = body;
    const [firstLogMs, lastLogMs] = times === undefined ? [timeMs, timeMs] : [times.firstMs, times.lastMs];
    chunk.contents.addGroup({ logstoreId, seq, logCount, timeMs, firstLogMs, lastLogMs, batch });
    chunk.waiting.push(acknowledge);
    this.#lastTimeMs = timeMs;
    this.#wake();
  }

  /** Seals the segment being written as soon as the commit under way has ended, if it has any groups. */
  roll(): void {
    this.#isRollWanted = true;
    this.#wake();
  }

  /** Commits what is gathered, seals the segment and closes the files. What is appended from now on is refused. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#endPause?.();
    await this.#work;
    await this.#retireSegments(true);
  }

  #wake(): void {
    this.#work ??= this.#workOff();
  }

  /** Commits until nothing is gathered; after a failure, looks for a segment that works. Never throws. */
  async #workOff(): Promise<void> {
    // Lets every request that has arrived by now join the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      if (this.#failure === null) {
        if (this.#gathering.isEmpty && !this.#isRollWanted && !this.#isHeadWanted) break;
        await this.#commitNext();
      } else {
        if (this.#isClosing) break;
        if (!(await this.#startSegment())) await this.#pause();
      }
    }
    // Without an await since it was found that there is nothing to do: whoever comes later wakes the next one.
    this.#work = null;
  }

  async #commitNext(): Promise<void> {
    const chunks = this.#gathering.takeCommit();
    this.#commitStartedMs = this.#options.clock.monotonicMs();
    try {
      await this.#commit(chunks);
    } catch (cause) {
      this.#fail(cause);
      chunks.push(...this.#gathering.takeAll());
    }
    this.#commitStartedMs = null;
    for (const chunk of chunks) {
      for (const acknowledge of chunk.waiting) acknowledge(this.#failure);
      this.#gathering.giveBack(chunk);
    }
    if (this.#failure !== null) await this.#retireSegments(false);
  }

  /** Rolls over where it is time to, then writes and syncs `chunks`. */
  async #commit(chunks: readonly Chunk[]): Promise<void> {
    const { clock, progress, onCommit } = this.#options;
    const logs = sum(chunks, ({ contents }) => contents.logCount);
    const bytes = sum(chunks, ({ used }) => used);
    if (this.#isRollDue(bytes, logs)) {
      await this.#rollOver();
      this.#lastTimeMs = this.#gathering.lastTimeMs ?? chunks.at(-1)?.contents.lastTimeMs ?? 0;
    }
    this.#isRollWanted = false;
    const needsHead = this.#isHeadWanted && this.#active?.durableBytes === 0;
    this.#isHeadWanted = false;
    if (chunks.length === 0 && !needsHead) return;

    const active = this.#active;
    if (active === null) throw new Error('no segment is open');
    const syncMs = await this.#append(
      active,
      chunks.map(({ buffer, used }) => buffer.subarray(0, used)),
    );
    if (chunks.length === 0) return;
    active.firstCommitAtMs ??= clock.monotonicMs();
    for (const { contents } of chunks) {
      active.contents.add(contents);
      progress.committed(active.number, active.contents, contents);
    }
    onCommit({ groups: sum(chunks, ({ waiting }) => waiting.length), logs, bytes, syncMs });
  }

  #isRollDue(bytes: number, logs: number): boolean {
    const { segmentBytesMax, segmentLogsMax } = this.#options;
    const active = this.#active;
    if (active === null || !active.hasGroups) return false;
    const isFull = active.durableBytes + bytes > segmentBytesMax || active.contents.logCount + logs > segmentLogsMax;
    return this.#isRollWanted || isFull;
  }

  async #rollOver(): Promise<void> {
    const [active, spare] = [this.#active, this.#spare];
    this.#active = this.#spare = null;
    if (active !== null) await this.#retire(active, true);
    this.#active = (await spare) ?? (await this.#createSegment());
    this.#prepareSpare();
  }

  #prepareSpare(): void {
    this.#spare = this.#createSegment().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'spool: could not make the next segment ahead of time');
      return null;
    });
  }

  #createSegment(): Promise<OpenSegment> {
    const { directory, disk } = this.#options;
    const number = this.#nextNumber++;
    return createSegment(directory, number, segmentPath(directory, number, 'sealed'), disk);
  }

  /** Appends and syncs, with a head before everything else; returns how long the sync took. */
  async #append(segment: OpenSegment, lines: Buffer[]): Promise<number> {
    const { origin, shard, clock, onHead, batchesTo } = this.#options;
    if (segment.durableBytes > 0) return segment.append(lines, clock);
    const head = headLine({
      ...origin,
      shard,
      segment: segment.number,
      sequences: this.#sequences,
      batchesTo: batchesTo(),
    });
    const syncMs = await segment.append([head, ...lines], clock);
    onHead(segment.number);
    return syncMs;
  }

  /** From here on everything is refused, until a segment is found that works. */
  #fail(cause: unknown): void {
    this.#failure = new SpoolFailure(`a commit failed: ${messageOf(cause)}`, { cause });
    this.#options.log.error({ err: this.#failure }, 'spool: a commit failed; its groups are refused');
    this.#isRollWanted = this.#isHeadWanted = false;
  }

  /** Opens a segment that has taken its head line and a sync: the disk works. False if it does not. */
  async #startSegment(): Promise<boolean> {
    const { log } = this.#options;
    let segment: OpenSegment | null = null;
    try {
      segment = await this.#createSegment();
      await this.#append(segment, []);
    } catch (cause) {
      if (this.#failure === null) log.error({ err: cause }, 'spool: no segment can be written');
      this.#failure = new SpoolFailure(`no segment can be written: ${messageOf(cause)}`, { cause });
      if (segment !== null) await this.#retire(segment, false);
      return false;
    }
    if (this.#failure !== null) log.info({ segment: segment.number }, 'spool: writing again');
    this.#failure = null;
    this.#active = segment;
    this.#prepareSpare();
    return true;
  }

  /** Waits until it is worth trying again, or the spool is being closed. */
  async #pause(): Promise<void> {
    if (this.#isClosing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.retryMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = null;
  }

  async #retireSegments(isWhole: boolean): Promise<void> {
    const segments = [this.#active, await this.#spare];
    this.#active = this.#spare = null;
    for (const segment of segments) if (segment) await this.#retire(segment, isWhole);
  }

  /**
   * Closes a segment and hands it over, or removes it if nothing durable is in it. One that is not whole is cut at its
   * last durable byte; if even that fails, whoever loads it has to check it first. Never throws.
   */
  async #retire(segment: OpenSegment, isWhole: boolean): Promise<void> {
    const { shard, disk, log, origin, onSealed } = this.#options;
    const { number, path, durableBytes: bytes, contents } = segment;
    const warn = (what: string) => (error: unknown) => {
      log.warn({ err: error, file: path }, `spool: could not ${what} a segment`);
      return false;
    };
    this.#retiring = segment;
    const isClean = isWhole || bytes === 0 || (await segment.cut().then(() => true, warn('cut')));
    await segment.close();
    this.#retiring = null;
    if (bytes === 0) {
      await disk.remove(path).catch(warn('remove'));
      return;
    }
    const token = segmentToken(origin.spool, number);
    onSealed({ shard, number, path, bytes, token, fresh: isClean, loaded: false }, contents);
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
