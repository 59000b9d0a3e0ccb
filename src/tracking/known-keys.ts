/**
 * The distinct keys of one log group in protobuf: which key is this, may it be one, and was it in this log before?
 *
 * Logs of a batch mostly have the same keys in the same order. Each key therefore remembers which key came after it last
 * time; comparing bytes with that one answers nearly always, and only a miss is looked up by its text.
 */
import { CLIENT_TIME } from '../model/client-time.js';
import { KEY_BYTES_MAX } from '../model/limits.js';
import type { DistinctKeys, KeyTest } from '../model/log-group.js';
import { ASCII } from './ascii.js';
import * as trouble from './refusal.js';

const { SPACE } = ASCII;

/** The place before a log's first key. */
export const NO_KEY = 0;

// A key is the offset of its row, which has these columns.
const START = 0; // where it first stood in the message
const LENGTH = 1; // in bytes
const KIND = 2;
const TROUBLE = 3; // why it cannot be a key of a log
const NEXT = 4; // the key that came after it last time
const LOG = 5; // the log it was last seen in
const FIELD = 6; // which of that log's fields it was
const COLUMNS = 8;
const ROWS_MIN = 128;

export const KINDS = {
  PLAIN: 0,
  /** `__time__`: the log's own Time takes its place. */
  TIME: 1,
  /** `__tag__:name`, a tag of its log alone. */
  LOG_TAG: 2,
  /** It cannot be a key: see `trouble`. */
  WRONG: 3,
  /** `__client_time__`: where the time of a log is that of its receipt, its own Time takes this place. */
  CLIENT_TIME: 4,
} as const;

const RESERVED = new Set(['__source__', '__topic__', '__partition_time__', '_extract_others_', '__extract_others__']);

export class KnownKeys implements DistinctKeys {
  private bytes: Buffer = Buffer.alloc(0);
  private view = new DataView(this.bytes.buffer);
  private readonly byText = new Map<string, number>();
  private rows = new Int32Array(ROWS_MIN * COLUMNS);
  private rowsEnd = COLUMNS;

  /** Forgets all keys; the next ones are in `bytes`. */
  open(bytes: Buffer, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
    this.byText.clear();
    if (this.rows.length > ROWS_MIN * COLUMNS) this.rows = new Int32Array(ROWS_MIN * COLUMNS);
    this.rows[NO_KEY + NEXT] = NO_KEY;
    this.rowsEnd = COLUMNS;
  }

  /** The key [start, end) that comes after the key `previous`. */
  find(previous: number, start: number, end: number): number {
    const expected = this.rows[previous + NEXT] as number;
    if (expected !== NO_KEY && this.isSame(expected, start, end)) return expected;
    const text = this.bytes.toString('latin1', start, end);
    const key = this.byText.get(text) ?? this.add(text, start, end);
    this.rows[previous + NEXT] = key;
    return key;
  }

  /** Notes that `log`, numbered from 1, has the key as its `field`; returns its earlier field with that key, or -1. */
  note(key: number, log: number, field: number): number {
    const { rows } = this;
    const earlier = rows[key + LOG] === log ? (rows[key + FIELD] as number) : -1;
    rows[key + LOG] = log;
    rows[key + FIELD] = field;
    return earlier;
  }

  /** One of `KINDS`. */
  kind(key: number): number {
    return this.rows[key + KIND] as number;
  }

  /** What is wrong with it as a key of a log, or `NO_TROUBLE`. */
  trouble(key: number): number {
    return this.rows[key + TROUBLE] as number;
  }

  every(test: KeyTest): boolean {
    const { rows, bytes } = this;
    for (let key = COLUMNS; key < this.rowsEnd; key += COLUMNS) {
      const start = rows[key + START] as number;
      if (!test(bytes, start, start + (rows[key + LENGTH] as number))) return false;
    }
    return true;
  }

  private isSame(key: number, start: number, end: number): boolean {
    const { view, rows } = this;
    const length = end - start;
    if (rows[key + LENGTH] !== length) return false;
    const known = rows[key + START] as number;
    let k = 0;
    for (; k + 4 <= length; k += 4) if (view.getInt32(known + k, true) !== view.getInt32(start + k, true)) return false;
    for (; k < length; k++) if (view.getUint8(known + k) !== view.getUint8(start + k)) return false;
    return true;
  }

  private add(text: string, start: number, end: number): number {
    const key = this.rowsEnd;
    this.rowsEnd += COLUMNS;
    if (this.rowsEnd > this.rows.length) {
      const rows = new Int32Array(this.rows.length * 2);
      rows.set(this.rows);
      this.rows = rows;
    }
    const { rows } = this;
    rows[key + START] = start;
    rows[key + LENGTH] = end - start;
    rows[key + TROUBLE] = RESERVED.has(text) ? trouble.KEY_RESERVED : keyTrouble(this.bytes, start, end);
    rows[key + KIND] = rows[key + TROUBLE] === trouble.NO_TROUBLE ? kindOf(text) : KINDS.WRONG;
    rows[key + NEXT] = NO_KEY;
    rows[key + LOG] = 0;
    this.byText.set(text, key);
    return key;
  }
}

function kindOf(text: string): number {
  if (text === '__time__') return KINDS.TIME;
  if (text === CLIENT_TIME) return KINDS.CLIENT_TIME;
  return text.startsWith('__tag__:') ? KINDS.LOG_TAG : KINDS.PLAIN;
}

/** What is wrong with the bytes [start, end) as a key of anything, or `NO_TROUBLE`. */
export function keyTrouble(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return trouble.KEY_EMPTY;
  if (end - start > KEY_BYTES_MAX) return trouble.KEY_TOO_LONG;
  for (let i = start; i < end; i++) if ((bytes[i] as number) < SPACE) return trouble.KEY_WITH_CONTROL;
  return trouble.NO_TROUBLE;
}
