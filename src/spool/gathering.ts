/** Gathered lines that wait for a commit, one stretch of memory after the other. */
import { discard } from '../platform/discard.js';
import { ContentsCounter } from './contents.js';

/** Called once: with null when the group is on stable storage, with an error when that was not reached. Must not throw. */
export type Acknowledge = (error: Error | null) => void;

/** Lines in the order they came. */
export class Chunk {
  readonly buffer: Buffer;
  used = 0;
  /** One for each line. */
  readonly waiting: Acknowledge[] = [];
  contents = new ContentsCounter();

  constructor(bytes: number) {
    // Not out of Node's shared pool, which a chunk would keep alive as a whole.
    this.buffer = Buffer.allocUnsafeSlow(bytes);
  }

  clear(): void {
    this.used = 0;
    this.waiting.length = 0;
    this.contents = new ContentsCounter();
  }
}

export interface GatheringOptions {
  /** What one commit takes at most, but for a single line that is larger. */
  readonly bytesMax: number;
  readonly logsMax: number;
}

/** Large enough that a commit is a few buffers, small enough to keep a pool of. */
const CHUNK_BYTES = 1024 * 1024;
const POOLED_CHUNKS_MAX = 16;

export class Gathering {
  readonly #options: GatheringOptions;
  readonly #chunkBytes: number;
  readonly #chunks: Chunk[] = [];
  /** Used again: fresh memory costs page faults, which dominate the system time of an ingest otherwise. */
  readonly #free: Chunk[] = [];

  constructor(options: GatheringOptions) {
    this.#options = options;
    this.#chunkBytes = Math.min(CHUNK_BYTES, options.bytesMax);
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get bytes(): number {
    return this.#chunks.reduce((total, chunk) => total + chunk.used, 0);
  }

  /** Receive time of the newest line, undefined if nothing is gathered. */
  get lastTimeMs(): number | undefined {
    return this.#chunks.at(-1)?.contents.lastTimeMs;
  }

  /** Where the next line goes: a chunk that has room for its bytes. */
  chunkFor(bytes: number, logs: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && fits(last, bytes, logs, this.#options.logsMax)) return last;
    const chunk = bytes > this.#chunkBytes ? new Chunk(bytes) : (this.#free.pop() ?? new Chunk(this.#chunkBytes));
    this.#chunks.push(chunk);
    return chunk;
  }

  /** Takes out what the next commit writes: the oldest chunks, at least one if there is any. */
  takeCommit(): Chunk[] {
    let [bytes, logs, count] = [0, 0, 0];
    for (const { used, contents } of this.#chunks) {
      bytes += used;
      logs += contents.logCount;
      if (count > 0 && (bytes > this.#options.bytesMax || logs > this.#options.logsMax)) break;
      count++;
    }
    return this.#chunks.splice(0, count);
  }

  takeAll(): Chunk[] {
    return this.#chunks.splice(0);
  }

  giveBack(chunk: Chunk): void {
    if (chunk.buffer.length !== this.#chunkBytes || this.#free.length === POOLED_CHUNKS_MAX) {
      discard(chunk.buffer);
      return;
    }
    chunk.clear();
    this.#free.push(chunk);
  }
}

function fits({ buffer, used, contents }: Chunk, bytes: number, logs: number, logsMax: number): boolean {
  return buffer.length - used >= bytes && contents.logCount + logs <= logsMax;
}
