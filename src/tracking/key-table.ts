/**
 * The distinct keys of one body: which key is this, and was it in this object before?
 *
 * Logs of a batch mostly have the same keys in the same order. Each key therefore remembers which key came after it last
 * time; comparing bytes with that one answers nearly always, and only a miss is hashed.
 *
 * Keys come from strangers, who would love to put 500,000 of them into one slot. So each byte of a key is hashed by a
 * random number of its own, which nobody outside can know. (Simple tabulation hashing; Patrascu and Thorup, "The Power of
 * Simple Tabulation Hashing", show that linear probing then takes constant time in expectation.)
 */
import { randomFillSync } from 'node:crypto';
import { CLIENT_TIME } from '../model/client-time.js';
import { KEY_BYTES_MAX } from '../model/limits.js';
import type { DistinctKeys, KeyTest } from '../model/log-group.js';
import type { JsonText } from './json-text.js';

/** The place before an object's first key, and what stands for keys that are refused. */
export const NO_KEY = 0;

export const KEY_KINDS = {
  PLAIN: 0,
  /** Cannot be a field: it would shadow what the service adds. */
  RESERVED: 1,
  /** `__tag__:name`, a tag of its log alone. */
  LOG_TAG: 2,
  // The last two are those of a client's time.
  /** `__time__`: the receive time takes its place. */
  TIME: 3,
  /** `__client_time__`, where a client's `__time__` is kept. */
  CLIENT_TIME: 4,
} as const;

const TIME = Buffer.from('__time__');
const CLIENT_TIME_NAME = Buffer.from(CLIENT_TIME);
const LOG_TAG_PREFIX = Buffer.from('__tag__:');
const RESERVED = ['__source__', '__topic__', '__partition_time__', '_extract_others_', '__extract_others__'].map(
  (key) => Buffer.from(key),
);
const UNDERSCORE = 0x5f;

// A key is the offset of its row, which has these columns.
const AT = 0; // where it stands in the text, from its opening quote
const LENGTH = 1; // in bytes, quotes included
const KIND = 2;
const HASH = 3;
const NEXT = 4; // the key that came after it last time
const OBJECT = 5; // the object it was last seen in
const FIELD = 6; // the number that `note` was given with it
const COLUMNS = 8;

const ROWS_MIN = 128;

/**
 * Reads words of four bytes, the last ones perhaps beyond the ends. A constant, because V8 would check on each
 * call that a function declared has not been replaced.
 */
const sameBytes = (view: DataView, a: number, b: number, length: number): boolean => {
  let k = 0;
  for (; k + 4 <= length; k += 4) if (view.getInt32(a + k, true) !== view.getInt32(b + k, true)) return false;
  const rest = length & 3;
  if (rest === 0) return true;
  // The bytes of interest are the low ones; shift the others out.
  return (view.getInt32(a + k, true) ^ view.getInt32(b + k, true)) << (32 - 8 * rest) === 0;
};

export class KeyTable implements DistinctKeys {
  private readonly text: JsonText;
  private readonly random = randomFillSync(new Int32Array(KEY_BYTES_MAX * 256));
  private rows = new Int32Array(ROWS_MIN * COLUMNS);
  private rowsEnd = COLUMNS;
  /** Keys by their hash; at least half of them `NO_KEY`. */
  private slots = new Int32Array(ROWS_MIN * 2);

  constructor(text: JsonText) {
    this.text = text;
  }

  /** Forgets all keys, and the room that a body with very many of them took. */
  clear(): void {
    if (this.slots.length > ROWS_MIN * 2) {
      this.rows = new Int32Array(ROWS_MIN * COLUMNS);
      this.slots = new Int32Array(ROWS_MIN * 2);
    } else {
      this.rows[NO_KEY + NEXT] = NO_KEY;
      this.slots.fill(0);
    }
    this.rowsEnd = COLUMNS;
  }

  /** The key at `i`, where a quote should be, if it is the one that came after `previous` last time; else `NO_KEY`. */
  predict(previous: number, i: number): number {
    const rows = this.rows;
    const key = rows[previous + NEXT] as number;
    if (key === NO_KEY) return NO_KEY;
    return sameBytes(this.text.view, rows[key + AT] as number, i, rows[key + LENGTH] as number) ? key : NO_KEY;
  }

  /**
   * The key of `length` bytes at `i`, both counted with its quotes, all its escapes already resolved in place. It is at
   * most `KEY_BYTES_MAX` long without the quotes.
   */
  find(i: number, length: number): number {
    const { text, random, rows, slots } = this;
    let hash = 0;
    for (let k = 0; k < length - 2; k++) hash ^= random[(k << 8) | text.at(i + 1 + k)] as number;

    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const key = slots[slot] as number;
      if (key === NO_KEY) break;
      if (rows[key + LENGTH] === length && sameBytes(text.view, rows[key + AT] as number, i, length)) return key;
      slot = (slot + 1) & mask;
    }

    const key = this.rowsEnd;
    slots[slot] = key;
    rows[key + AT] = i;
    rows[key + LENGTH] = length;
    rows[key + KIND] = kindOf(text.bytes, i + 1, length - 2);
    rows[key + HASH] = hash;
    rows[key + NEXT] = NO_KEY;
    rows[key + OBJECT] = 0;
    this.rowsEnd += COLUMNS;
    if (this.rowsEnd === rows.length) this.grow();
    return key;
  }

  /** `key` came after `previous`, and its bytes in the text are those of `find`: it is spelled without escapes. */
  expect(previous: number, key: number): void {
    this.rows[previous + NEXT] = key;
  }

  /** Notes that `object`, numbered from 1, has the key as its `field`; returns its earlier field with that key, or -1. */
  note(key: number, object: number, field: number): number {
    const rows = this.rows;
    const earlier = rows[key + OBJECT] === object ? (rows[key + FIELD] as number) : -1;
    rows[key + OBJECT] = object;
    rows[key + FIELD] = field;
    return earlier;
  }

  kind(key: number): number {
    return this.rows[key + KIND] as number;
  }

  length(key: number): number {
    return this.rows[key + LENGTH] as number;
  }

  every(test: KeyTest): boolean {
    const { rows, text } = this;
    for (let key = COLUMNS; key < this.rowsEnd; key += COLUMNS) {
      const start = (rows[key + AT] as number) + 1;
      if (!test(text.bytes, start, start + (rows[key + LENGTH] as number) - 2)) return false;
    }
    return true;
  }

  private grow(): void {
    const rows = new Int32Array(this.rows.length * 2);
    rows.set(this.rows);
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let key = COLUMNS; key < this.rowsEnd; key += COLUMNS) {
      let slot = (rows[key + HASH] as number) & mask;
      while (slots[slot] !== NO_KEY) slot = (slot + 1) & mask;
      slots[slot] = key;
    }
    this.rows = rows;
    this.slots = slots;
  }
}

function kindOf(bytes: Uint8Array, at: number, length: number): number {
  if (bytes[at] !== UNDERSCORE) return KEY_KINDS.PLAIN;
  if (isName(bytes, at, at + length, TIME)) return KEY_KINDS.TIME;
  if (isName(bytes, at, at + length, CLIENT_TIME_NAME)) return KEY_KINDS.CLIENT_TIME;
  if (RESERVED.some((name) => isName(bytes, at, at + length, name))) return KEY_KINDS.RESERVED;
  const prefixEnd = at + Math.min(length, LOG_TAG_PREFIX.length);
  return isName(bytes, at, prefixEnd, LOG_TAG_PREFIX) ? KEY_KINDS.LOG_TAG : KEY_KINDS.PLAIN;
}

/** Whether `bytes[start, end)` spell `name`. */
export function isName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let k = 0; k < name.length; k++) if (bytes[start + k] !== name[k]) return false;
  return true;
}
