/** JSON text being written as bytes, into memory that grows and is kept. */
import { ASCII } from './ascii.js';
import { stopBits } from './json-text.js';

const { BACKSLASH, COMMA, QUOTE, SPACE, ZERO } = ASCII;
const HEX = Buffer.from('0123456789abcdef');

/** Most bytes that one byte of a string can become: `\u0001`. */
export const ESCAPED_BYTES_MAX = 6;

export class JsonWriter {
  /** Written up to `length`; another buffer after `reserve`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(4096);
  length = 0;
  private view = new DataView(this.bytes.buffer);

  /** A copy of what was written. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafe(this.length);
    this.bytes.copy(copy, 0, 0, this.length);
    return copy;
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  byte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  /** What another one has written. */
  append(other: JsonWriter): void {
    this.reserve(other.length);
    other.bytes.copy(this.bytes, this.length, 0, other.length);
    this.length += other.length;
  }

  /** Takes back a comma if that was written last: before a closing bracket. */
  dropComma(): void {
    if (this.length > 0 && this.bytes[this.length - 1] === COMMA) this.length--;
  }

  /** JSON as it is, with a character for each byte. */
  bytesOf(json: string): void {
    this.reserve(json.length);
    this.length += this.bytes.write(json, this.length, 'latin1');
  }

  /** JSON as it is. */
  text(json: string): void {
    this.reserve(json.length * 3); // UTF-8 has at most three bytes for a UTF-16 unit
    this.length += this.bytes.write(json, this.length);
  }

  /** The UTF-8 in [start, end) of `source` as a string. */
  string(source: DataView, start: number, end: number): void {
    this.reserve((end - start) * ESCAPED_BYTES_MAX + 2);
    const { bytes, view } = this;
    let at = this.length;
    let i = start;
    bytes[at++] = QUOTE;
    while (i < end) {
      // Four bytes at a time, as long as none of them needs care.
      while (i + 4 <= end) {
        const word = source.getInt32(i, true);
        if (stopBits(word) !== 0) break;
        view.setInt32(at, word, true);
        i += 4;
        at += 4;
      }
      for (const stop = Math.min(i + 4, end); i < stop; i++) at = writeEscaped(bytes, at, source.getUint8(i));
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }
}

/** Writes one byte of a string, escaped where JSON wants that, and returns the offset behind it. */
export function writeEscaped(bytes: Buffer, start: number, byte: number): number {
  let at = start;
  if (byte < SPACE) {
    at += bytes.write('\\u00', at, 'latin1');
    bytes[at++] = ZERO + (byte >> 4);
    bytes[at++] = HEX[byte & 15] as number;
    return at;
  }
  if (byte === QUOTE || byte === BACKSLASH) bytes[at++] = BACKSLASH;
  bytes[at++] = byte;
  return at;
}
