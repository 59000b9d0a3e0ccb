/** Bytes with room to grow: written at the end, taken from the front. */
const FIRST_BYTES = 256 * 1024;

export class GrowingBytes {
  /** Changes when room is reserved; what is behind `length` means nothing. */
  bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  length = 0;

  append(chunk: Uint8Array): void {
    this.reserve(chunk.length);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** Makes sure that so many bytes can be written behind `length`. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  dropFirst(count: number): void {
    if (count === 0) return;
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }
}
