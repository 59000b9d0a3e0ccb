/** JSON text being written as bytes, into memory that grows and is kept. */
import { ASCII } from './ascii.js';
import { copyRun } from './edits.js';
import { stopBits } from './json-text.js';

const { BACKSLASH, COLON, COMMA, QUOTE, SPACE, ZERO } = ASCII;
const HEX = Buffer.from('0123456789abcdef');

/** Most bytes that one byte of a string can become: `\u0001`. */
export const ESCAPED_BYTES_MAX = 6;

export class JsonWriter {
  /** Written up to `length`; another buffer, and another view of it, after `reserve`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(4096);
  length = 0;
  view = new DataView(this.bytes.buffer);

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

  /** JSON as it is, `[start, end)` of `source`. */
  run(source: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    this.length = copyRun(source, start, end, this.bytes, this.length);
  }

  /** What `run` would write, as a part of a string: where nearly everything needs to be escaped. */
  escapedRun(source: Buffer, start: number, end: number): void {
    this.reserve((end - start) * ESCAPED_BYTES_MAX);
    const { bytes } = this;
    let at = this.length;
    for (let i = start; i < end; i++) at = writeEscaped(bytes, at, source[i] as number);
    this.length = at;
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
    const { bytes } = this;
    bytes[this.length] = QUOTE;
    const at = writeText(source, start, end, this, this.length + 1);
    bytes[at] = QUOTE;
    this.length = at + 1;
  }
}

/** Memory to write to, seen in two ways. */
export interface Room {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Writes `"key":"value",` at `offset`, where there is room for it, and returns the offset behind it. Key and value are
 * UTF-8 in [start, end) of `source`.
 */
export function writeMember(
  source: DataView,
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
  room: Room,
  offset: number,
): number {
  const { bytes } = room;
  bytes[offset] = QUOTE;
  let at = writeText(source, keyStart, keyEnd, room, offset + 1);
  bytes[at] = QUOTE;
  bytes[at + 1] = COLON;
  bytes[at + 2] = QUOTE;
  at = writeText(source, valueStart, valueEnd, room, at + 3);
  bytes[at] = QUOTE;
  bytes[at + 1] = COMMA;
  return at + 2;
}

/**
 * Writes what is in a string and returns the offset behind it. Four bytes at a time, without looking back whether one of
 * them needed care; if one did, all is written again byte by byte, which is rare.
 */
function writeText(source: DataView, start: number, end: number, { bytes, view }: Room, offset: number): number {
  let stops = 0;
  let at = offset;
  let i = start;
  for (; i + 4 <= end; i += 4, at += 4) {
    const word = source.getInt32(i, true);
    stops |= stopBits(word);
    view.setInt32(at, word, true);
  }
  if (i < end) {
    // What the last word has beyond the end counts as letters, and is written over later.
    const bits = (end - i) * 8;
    const word = i + 4 <= source.byteLength ? source.getInt32(i, true) : lastWord(source, i, end);
    stops |= stopBits((word & ~(-1 << bits)) | (LETTERS << bits));
    view.setInt32(at, word, true);
    at += end - i;
  }
  if (stops === 0) return at;
  at = offset;
  for (i = start; i < end; i++) at = writeEscaped(bytes, at, source.getUint8(i));
  return at;
}

/** The word at `i` where only the bytes before `end` can be read. */
function lastWord(source: DataView, i: number, end: number): number {
  let word = 0;
  for (let k = end - 1; k >= i; k--) word = (word << 8) | source.getUint8(k);
  return word;
}

const LETTERS = 0x61616161;

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
