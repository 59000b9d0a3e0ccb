/** The file of a segment that is being written. */
import type { Clock } from '../platform/clock.js';
import type { Disk, DiskFile } from '../platform/disk.js';
import { ContentsCounter } from './contents.js';

export class OpenSegment {
  readonly number: number;
  readonly path: string;
  readonly contents = new ContentsCounter();
  /** Everything before this offset is on stable storage. */
  durableBytes = 0;
  /** Monotonic time of the first commit with groups. */
  firstCommitAtMs: number | null = null;
  readonly #file: DiskFile;

  constructor(number: number, path: string, file: DiskFile) {
    this.number = number;
    this.path = path;
    this.#file = file;
  }

  get hasGroups(): boolean {
    return this.contents.logCount > 0;
  }

  /** Appends and syncs; returns how long the sync took. After it threw, the segment is to be cut and closed. */
  async append(buffers: readonly Buffer[], clock: Clock): Promise<number> {
    const bytes = buffers.reduce((total, buffer) => total + buffer.length, 0);
    const written = await this.#file.write(buffers, this.durableBytes);
    // Node reports a disk that fills up during a write as a smaller count, without an error.
    if (written !== bytes) throw new Error(`wrote ${written} of ${bytes} bytes: the disk is full`);
    const startedMs = clock.monotonicMs();
    await this.#file.sync();
    this.durableBytes += bytes;
    return clock.monotonicMs() - startedMs;
  }

  /** Takes off what a failed append may have left behind. */
  cut(): Promise<void> {
    return this.#file.truncate(this.durableBytes);
  }

  /** What is synced stays so, whatever closing says. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
  }
}

/** A new, empty segment whose directory entry is durable. */
export async function createSegment(directory: string, number: number, path: string, disk: Disk): Promise<OpenSegment> {
  const segment = new OpenSegment(number, path, await disk.open(path, 'create'));
  try {
    await disk.syncDirectory(directory);
    return segment;
  } catch (error) {
    await segment.close();
    await disk.remove(path).catch(() => {});
    throw error;
  }
}
