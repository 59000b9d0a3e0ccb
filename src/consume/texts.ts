/**
 * Text as RowBinary and protobuf both have it - its length as a varint, and then its bytes - and pairs of such texts. Nothing
 * here looks at what the texts say.
 */

/** Longest varint that is written: 32 bits. */
export const VARINT_BYTES_MAX = 5;

/** Two texts that follow one upon the other, each with its length: `source` [start, valueAt) and [valueAt, end). */
export interface Pair {
  readonly source: Buffer;
  readonly start: number;
  readonly valueAt: number;
  readonly end: number;
}

/** What a pair of protobuf takes at most beside the texts. */
export const PAIR_BYTES_MAX = 3 + VARINT_BYTES_MAX;

export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Like the other writing functions, returns the offset behind what it wrote; there has to be room. */
export function writeVarint(target: Buffer, at: number, value: number): number {
  let to = at;
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) target[to++] = (rest & 0x7f) | 0x80;
  target[to++] = rest;
  return to;
}

/** Writes a message of two fields, key and value, as the field that `tag` says. */
export function writePair(target: Buffer, at: number, tag: number, { source, start, valueAt, end }: Pair): number {
  return writeTexts(target, at, tag, source, start, valueAt, end);
}

/** The same without an object in between, for what is done millions of times. */
export function writeTexts(
  target: Buffer,
  at: number,
  tag: number,
  source: Buffer,
  start: number,
  valueAt: number,
  end: number,
): number {
  target[at] = tag;
  let to = writeVarint(target, at + 1, end - start + 2);
  target[to++] = KEY;
  to = copyBytes(source, start, valueAt, target, to);
  target[to++] = VALUE;
  return copyBytes(source, valueAt, end, target, to);
}

/** What stands before the value in a pair with this key. */
export function pairHead(key: string): Buffer {
  const text = Buffer.from(key);
  const head = Buffer.alloc(1 + VARINT_BYTES_MAX);
  head[0] = KEY;
  const length = writeVarint(head, 1, text.length);
  return Buffer.concat([head.subarray(0, length), text, Buffer.of(VALUE)]);
}

/** The same as writePair for a key of which the head is known; the value is `source` [start, end), with its length. */
export function writeHeadedPair(
  target: Buffer,
  at: number,
  tag: number,
  head: Buffer,
  source: Buffer,
  start: number,
  end: number,
): number {
  target[at] = tag;
  let to = writeVarint(target, at + 1, head.length + end - start);
  to = copyBytes(head, 0, head.length, target, to);
  return copyBytes(source, start, end, target, to);
}

export function copyBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  if (end - start > SHORT_BYTES) return at + source.copy(target, at, start, end);
  let to = at;
  for (let from = start; from < end; from++) target[to++] = source[from] as number;
  return to;
}

/** Tags of the two fields of a pair. */
const KEY = 0x0a;
const VALUE = 0x12;

/** Shorter text is copied byte by byte, which is quicker than a call. */
const SHORT_BYTES = 100;

/** Walks through texts and counts. Reads nothing at or behind `length`. */
export class TextReader {
  readonly #bytes: Buffer;
  readonly #length: number;
  /** Where the next one begins. */
  at: number;

  constructor(bytes: Buffer, at: number, length = bytes.length) {
    this.#bytes = bytes;
    this.#length = length;
    this.at = at;
  }

  /** False if the bytes end before the text does. */
  skipText(): boolean {
    const count = this.readCount();
    this.at += count;
    return count !== -1 && this.at <= this.#length;
  }

  /** Skips a text that may be missing. */
  skipNullable(): boolean {
    if (this.at >= this.#length) return false;
    return this.readPresence() ? this.skipText() : true;
  }

  /** Skips a count and as many pairs of texts. */
  skipPairs(): boolean {
    const count = this.readCount();
    if (count === -1) return false;
    for (let texts = count * 2; texts > 0; texts--) if (!this.skipText()) return false;
    return true;
  }

  /** The pair of texts that comes next; it is known to be there. */
  readPair(): Pair {
    const start = this.at;
    this.skipText();
    const valueAt = this.at;
    this.skipText();
    return { source: this.#bytes, start, valueAt, end: this.at };
  }

  /** Whether there is a text where there may be one. */
  readPresence(): boolean {
    return this.#bytes[this.at++] === 0;
  }

  /** -1 if the bytes end before the number does. */
  readCount(): number {
    // Most are of one byte.
    const first = this.#bytes[this.at] as number;
    if (first < 0x80 && this.at < this.#length) {
      this.at++;
      return first;
    }
    let value = 0;
    for (let place = 1; this.at < this.#length; place *= 0x80) {
      const byte = this.#bytes[this.at++] as number;
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value;
    }
    return -1;
  }
}
