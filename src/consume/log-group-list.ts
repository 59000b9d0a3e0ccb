/**
 * Rows of the store (stored-row.ts) become a LogGroupList of SLS, bytes to bytes: text is copied from one to the other, since
 * both have it the same way, and is never made a string.
 */

import { splitTags } from './group-tags.js';
import { GrowingBytes } from './growing-bytes.js';
import { findRow, receivedOf, type StoredRow, seqOf, timeOf } from './stored-row.js';
import {
  copyBytes,
  PAIR_BYTES_MAX,
  type Pair,
  pairHead,
  TextReader,
  VARINT_BYTES_MAX,
  varintBytes,
  writeHeadedPair,
  writePair,
  writeTexts,
  writeVarint,
} from './texts.js';

/** Where a list is made. Used again, for fresh memory by the megabyte keeps the garbage collector busy. */
export interface Room {
  readonly input: GrowingBytes;
  readonly output: GrowingBytes;
}

export function newRoom(): Room {
  return { input: new GrowingBytes(), output: new GrowingBytes() };
}

export interface LogGroupList {
  /** The message. Valid until its room is used again. */
  readonly bytes: Buffer;
  readonly groupCount: number;
  readonly logCount: number;
  /** Sequence number of the last log group; those of the others come right before it. -1 without groups. */
  readonly lastSeq: number;
  /** When that one was received, in Unix seconds. */
  readonly lastReceived: number;
}

/** Tags of fields in LogGroupList, LogGroup and Log: field number times 8, and the wire type. */
const GROUP = 0x0a;
const LOG = 0x0a;
const TOPIC = 0x1a;
const SOURCE = 0x22;
const LOG_TAG = 0x32;
const TIME = 0x08;
const CONTENT = 0x12;
const TIME_NS = 0x25;

/** Room for the length of a log and of a group, as most are; others are moved when their length is known. */
const LOG_LENGTH_BYTES = 2;
const GROUP_LENGTH_BYTES = 3;

/** Moving what is left costs something, too. */
const DROP_BYTES_MIN = 1024 * 1024;

/** What a log has beside its fields, and a group beside its labels: tags, lengths, times. */
const REST_BYTES_MAX = 64;

export class LogGroupListWriter {
  readonly #bytesMax: number;
  readonly #heads: readonly Buffer[];
  readonly #input: GrowingBytes;
  readonly #output: GrowingBytes;
  /** The rows of the group that is being read, and where the next row begins. */
  #rows: StoredRow[] = [];
  #nextAt = 0;
  #counts = { groupCount: 0, logCount: 0, lastSeq: -1, lastReceived: 0 };
  #isComplete = false;

  /**
   * Takes whole groups as long as the list has no more bytes than that, but at least one. `columnKeys` are the fields that
   * have columns, in their order.
   */
  constructor(bytesMax: number, columnKeys: readonly string[], { input, output }: Room = newRoom()) {
    this.#bytesMax = bytesMax;
    this.#input = input;
    this.#output = output;
    input.length = 0;
    output.length = 0;
    this.#heads = columnKeys.map(pairHead);
  }

  /** Takes in vain what is behind a complete list: one that is full, or ends where numbers are missing between groups. */
  write(chunk: Uint8Array): void {
    if (this.#isComplete) return;
    const input = this.#input;
    input.append(chunk);
    while (!this.#isComplete) {
      const row = findRow(input.bytes, this.#nextAt, input.length, this.#heads.length);
      if (row === undefined) {
        this.#dropRead();
        break;
      }
      const [first] = this.#rows;
      if (first !== undefined && seqOf(input.bytes, first) !== seqOf(input.bytes, row)) this.#takeGroup();
      this.#rows.push(row);
      this.#nextAt = row.end;
    }
  }

  /** All rows have been written, or enough of them. */
  end(): LogGroupList {
    if (!this.#isComplete) this.#takeGroup();
    const { bytes, length } = this.#output;
    return { bytes: bytes.subarray(0, length), ...this.#counts };
  }

  /** Takes the group that was read into the list, if it belongs there. */
  #takeGroup(): void {
    const { bytes } = this.#input;
    const output = this.#output;
    const rows = this.#rows;
    this.#rows = [];
    const [first] = rows;
    if (first === undefined) return;
    const { groupCount, logCount, lastSeq } = this.#counts;
    const seq = seqOf(bytes, first);
    const { length } = output;
    this.#isComplete = groupCount > 0 && seq !== lastSeq + 1;
    if (this.#isComplete) return;
    writeGroup(output, bytes, first, rows, this.#heads);
    this.#isComplete = groupCount > 0 && output.length > this.#bytesMax;
    if (this.#isComplete) {
      output.length = length;
    } else {
      const lastReceived = receivedOf(bytes, first);
      this.#counts = { groupCount: groupCount + 1, logCount: logCount + rows.length, lastSeq: seq, lastReceived };
    }
  }

  /** Rows of groups that are in the list are not needed any more. */
  #dropRead(): void {
    const count = this.#rows[0]?.at ?? this.#nextAt;
    if (count < DROP_BYTES_MIN) return;
    this.#input.dropFirst(count);
    this.#rows = this.#rows.map((row) => moved(row, count));
    this.#nextAt -= count;
  }
}

function moved(row: StoredRow, count: number): StoredRow {
  return {
    at: row.at - count,
    topicAt: row.topicAt - count,
    sourceAt: row.sourceAt - count,
    tagsAt: row.tagsAt - count,
    fieldsAt: row.fieldsAt - count,
    end: row.end - count,
  };
}

function writeGroup(
  output: GrowingBytes,
  bytes: Buffer,
  first: StoredRow,
  rows: readonly StoredRow[],
  heads: readonly Buffer[],
): void {
  const { topicAt, sourceAt, tagsAt } = first;
  const { common, own } = splitTags(bytes, rows);
  const start = output.length + 1;
  output.reserve(REST_BYTES_MAX);
  output.bytes[output.length] = GROUP;
  output.length = start + GROUP_LENGTH_BYTES;
  for (const [i, row] of rows.entries()) writeLog(output, bytes, row, heads, own[i] ?? []);

  output.reserve(tagsAt - topicAt + pairsBytesMax(common) + REST_BYTES_MAX);
  const target = output.bytes;
  let to = output.length;
  if (sourceAt - topicAt > 1) {
    target[to++] = TOPIC;
    to = copyBytes(bytes, topicAt, sourceAt, target, to);
  }
  target[to++] = SOURCE;
  to = copyBytes(bytes, sourceAt, tagsAt, target, to);
  for (const tag of common) to = writePair(target, to, LOG_TAG, tag);
  output.length = to;
  setLength(output, start, GROUP_LENGTH_BYTES);
}

function writeLog(
  output: GrowingBytes,
  bytes: Buffer,
  row: StoredRow,
  heads: readonly Buffer[],
  ownTags: readonly Pair[],
): void {
  const { seconds, nanoseconds } = timeOf(bytes, row);
  // A field has at least two bytes in a row, or its head.
  const fieldsBytes = (row.end - row.fieldsAt) * (1 + PAIR_BYTES_MAX / 2);
  const headsBytes = heads.reduce((sum, head) => sum + head.length + PAIR_BYTES_MAX, 0);
  output.reserve(fieldsBytes + headsBytes + pairsBytesMax(ownTags) + REST_BYTES_MAX);

  const target = output.bytes;
  target[output.length] = LOG;
  const start = output.length + 1;
  let to = start + LOG_LENGTH_BYTES;
  target[to++] = TIME;
  to = writeVarint(target, to, seconds);
  const reader = new TextReader(bytes, row.fieldsAt);
  for (let i = 0; i < heads.length; i++) {
    if (!reader.readPresence()) continue;
    const valueAt = reader.at;
    reader.skipText();
    to = writeHeadedPair(target, to, CONTENT, heads[i] as Buffer, bytes, valueAt, reader.at);
  }
  for (let rest = reader.readCount(); rest > 0; rest--) {
    const keyAt = reader.at;
    reader.skipText();
    const valueAt = reader.at;
    reader.skipText();
    to = writeTexts(target, to, CONTENT, bytes, keyAt, valueAt, reader.at);
  }
  for (const tag of ownTags) to = writePair(target, to, CONTENT, tag);
  if (nanoseconds > 0) {
    target[to++] = TIME_NS;
    to = target.writeUInt32LE(nanoseconds, to);
  }
  output.length = to;
  setLength(output, start, LOG_LENGTH_BYTES);
}

function pairsBytesMax(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { start, end }) => sum + end - start + PAIR_BYTES_MAX, 0);
}

/** Writes the length of all that is behind `at` and the room left there; moves that where the length takes other room. */
function setLength(output: GrowingBytes, at: number, room: number): void {
  const length = output.length - at - room;
  const needed = varintBytes(length);
  if (needed !== room) {
    output.reserve(VARINT_BYTES_MAX);
    output.bytes.copyWithin(at + needed, at + room, output.length);
    output.length += needed - room;
  }
  writeVarint(output.bytes, at, length);
}
