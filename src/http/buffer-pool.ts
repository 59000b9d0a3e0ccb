/** Buffers for bodies, used again: fresh 64 KB of memory cost more system time than what is done with them. */
import { discard } from '../platform/discard.js';

const SMALLEST_BYTES = 16 * 1024;

/** Sizes are powers of two; at most `bytesMax` are kept while unused. */
export class BufferPool {
  readonly #free = new Map<number, Buffer[]>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** At least `bytes` long; its content is whatever it was. */
  take(bytes: number): Buffer {
    let size = SMALLEST_BYTES;
    while (size < bytes) size *= 2;
    const free = this.#free.get(size)?.pop();
    if (free === undefined) return Buffer.allocUnsafeSlow(size);
    this.#bytes -= size;
    return free;
  }

  giveBack(buffer: Buffer): void {
    const size = buffer.length;
    if (this.#bytes + size > this.#bytesMax) {
      discard(buffer);
      return;
    }
    this.#bytes += size;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [buffer]);
    else free.push(buffer);
  }
}
