/** Sealed segments on disk: those that wait for the loader, and those that need not be loaded any more and are still held. */
import type { SealedSegment, SegmentContents } from '../model/segment.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, ignoreMissing } from '../platform/disk.js';
import type { BatchCover } from './batch-cover.js';
import { checkSegment } from './check-segment.js';
import { type SegmentState, segmentPath } from './files.js';
import type { Progress } from './progress.js';
import type { Recovered } from './recover.js';

export interface ShelfOptions {
  readonly directory: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly holdMs: number;
  readonly holdBytesMax: number;
}

interface HeldSegment {
  readonly segment: SealedSegment;
  /** Held since then, by the monotonic clock; null if it has no groups and need not be held. */
  readonly sinceMs: number | null;
}

export class Shelf {
  readonly #options: ShelfOptions;
  readonly #progress: Progress;
  readonly #cover: BatchCover;
  readonly #waiting: SealedSegment[] = [];
  #held: HeldSegment[] = [];
  /** Of fresh segments, by number. */
  readonly #contents = new Map<number, SegmentContents>();
  #neededFrom: number;
  #wakeLoader: (() => void) | null = null;
  #sweeping: Promise<void> | null = null;
  quarantinedPlaces = 0;
  setAsideSegments = 0;

  constructor(
    options: ShelfOptions,
    { segments, withoutGroups, neededFrom }: Pick<Recovered, 'segments' | 'withoutGroups' | 'neededFrom'>,
    progress: Progress,
    cover: BatchCover,
  ) {
    this.#options = options;
    this.#progress = progress;
    this.#cover = cover;
    this.#neededFrom = neededFrom;
    const sinceMs = options.clock.monotonicMs();
    for (const segment of segments) {
      if (withoutGroups.has(segment.number)) this.#held.push({ segment, sinceMs: null });
      else if (segment.loaded) this.#held.push({ segment, sinceMs });
      else this.#waiting.push(segment);
    }
  }

  add(segment: SealedSegment, contents: SegmentContents): void {
    if (contents.logCount === 0) {
      this.#held.push({ segment, sinceMs: null });
      return;
    }
    if (segment.fresh) this.#contents.set(segment.number, contents);
    this.#waiting.push(segment);
    this.#wakeLoader?.();
  }

  /** From this segment on they tell the next start where the sequences stand: none of them is deleted. */
  keepFrom(number: number): void {
    this.#neededFrom = number;
    this.#wakeLoader?.();
  }

  /** The next segment that is not loaded, oldest first; the same again until it is marked or set aside. */
  async next(signal: AbortSignal): Promise<SealedSegment> {
    for (;;) {
      signal.throwIfAborted();
      const oldest = this.#waiting[0];
      if (oldest !== undefined && this.#isLoadable(oldest)) return oldest;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#wakeLoader = null;
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wakeLoader = wake;
        signal.addEventListener('abort', wake);
      });
    }
  }

  /** What is in a segment. One that is not fresh is checked first, and its damaged places are quarantined. */
  async inspect(segment: SealedSegment): Promise<{ segment: SealedSegment; contents: SegmentContents }> {
    const known = this.#contents.get(segment.number);
    if (known !== undefined) return { segment, contents: known };
    const checked = await checkSegment(segment, this.#options.disk, this.#options.log);
    this.quarantinedPlaces += checked.damaged;
    // One that an operator has moved here counts for the shard that it came from.
    if (checked.segment.shard === segment.shard) this.#progress.read(segment.number, checked.contents);
    return checked;
  }

  /** Keeps the segment for the hold time, then deletes it. The mark need not be durable: without it the store is asked. */
  async markLoaded(segment: SealedSegment): Promise<void> {
    if (segment.loaded) return;
    const loadedPath = await this.#takeFromWaiting(segment, 'loaded');
    if (loadedPath === null) return;
    const sinceMs = this.#options.clock.monotonicMs();
    this.#held.push({ segment: { ...segment, path: loadedPath, loaded: true }, sinceMs });
    await this.sweep();
  }

  /** The store will not take it for its content: kept under another name for the operator. */
  async setAside(segment: SealedSegment, reason: string): Promise<void> {
    const file = await this.#takeFromWaiting(segment, 'aside');
    this.setAsideSegments++;
    this.#options.log.error({ file, reason }, 'spool: a segment that cannot be loaded is set aside');
  }

  /** Loaded segments that are still kept, oldest first. */
  held(): readonly SealedSegment[] {
    return this.#held.filter(({ sinceMs }) => sinceMs !== null).map(({ segment }) => segment);
  }

  /** The first segment with log groups that is there; null if there is none. */
  get oldest(): number | null {
    const numbers = [...this.#waiting, ...this.held()].map(({ number }) => number);
    return numbers.length === 0 ? null : Math.min(...numbers);
  }

  get unloadedCount(): number {
    return this.#waiting.length;
  }

  get unloadedBytes(): number {
    return this.#waiting.reduce((total, { bytes }) => total + bytes, 0);
  }

  get heldBytes(): number {
    return this.#held.reduce((total, { segment }) => total + segment.bytes, 0);
  }

  /** Deletes what has been held long enough, and the oldest ones over the limit in bytes. Never throws. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#deleteHeld().finally(() => {
      this.#sweeping = null;
    });
    return this.#sweeping;
  }

  async #deleteHeld(): Promise<void> {
    const { disk, clock, log, holdMs, holdBytesMax } = this.#options;
    void this.#cover.keep();
    let excessBytes = this.heldBytes - holdBytesMax;
    for (const held of [...this.#held]) {
      const { segment, sinceMs } = held;
      const isDue = sinceMs === null || excessBytes > 0 || clock.monotonicMs() - sinceMs >= holdMs;
      if (!isDue || segment.number >= this.#neededFrom || segment.number > this.#cover.keptTo) continue;
      try {
        await disk.remove(segment.path).catch(ignoreMissing);
      } catch (error) {
        log.warn({ err: error, file: segment.path }, 'spool: could not delete a segment');
        continue;
      }
      this.#held = this.#held.filter((other) => other !== held);
      excessBytes -= segment.bytes;
    }
  }

  /**
   * One that is not fresh may end in groups that never were synced. Their sequence numbers must be behind us on stable
   * storage before the store sees them: a power cut would take the groups from here, and give the numbers out again.
   */
  #isLoadable({ fresh, number }: SealedSegment): boolean {
    return fresh || number < this.#neededFrom;
  }

  /** Renames it to its new state and returns its path; null if somebody has deleted it. */
  async #takeFromWaiting(segment: SealedSegment, state: SegmentState): Promise<string | null> {
    const newPath = segmentPath(this.#options.directory, segment.number, state);
    const isThere = await this.#options.disk.rename(segment.path, newPath).then(() => true, ignoreMissing);
    const index = this.#waiting.findIndex(({ number }) => number === segment.number);
    if (index !== -1) this.#waiting.splice(index, 1);
    this.#contents.delete(segment.number);
    this.#progress.settled(segment.number);
    return isThere ? newPath : null;
  }
}
