/**
 * A log as the store gives it to consumers: a row of RowBinary, little endian, with these columns.
 *
 *   seq UInt64, received UInt32, seconds UInt32, nanoseconds UInt32, topic String, source String,
 *   tags Map(String, String), fields that have columns Nullable(String)…, all others Map(String, String)
 *
 * A String is its length as a varint and its bytes, a Map its count as a varint and its pairs. A Nullable is a byte, which is 1
 * where there is no value, and otherwise 0 and the value.
 */
import type { LogTable } from '../store/log-table.js';
import { type Pair, TextReader } from './texts.js';

/** The columns. Times are in Unix seconds. */
export function rowColumns({ pieces }: LogTable): string {
  return [
    'seq',
    'toUInt32(received)',
    'toUInt32(toUnixTimestamp64Second(time))',
    'toUInt32(toUnixTimestamp64Nano(time) % 1000000000)',
    'topic',
    'source',
    'tags',
    ...pieces.columns.map(({ sql }) => sql),
    pieces.others,
  ].join(', ');
}

const RECEIVED_AT = 8;
const SECONDS_AT = 12;
const NANOSECONDS_AT = 16;
const TOPIC_AT = 20;

/** Where the parts of a row are. */
export interface StoredRow {
  readonly at: number;
  readonly topicAt: number;
  readonly sourceAt: number;
  readonly tagsAt: number;
  readonly fieldsAt: number;
  readonly end: number;
}

/** Undefined if `bytes`, which end at `length`, end before the row does. So many fields have columns. */
export function findRow(bytes: Buffer, at: number, length: number, columnCount: number): StoredRow | undefined {
  const topicAt = at + TOPIC_AT;
  const reader = new TextReader(bytes, topicAt, length);
  if (!reader.skipText()) return undefined;
  const sourceAt = reader.at;
  if (!reader.skipText()) return undefined;
  const tagsAt = reader.at;
  if (!reader.skipPairs()) return undefined;
  const fieldsAt = reader.at;
  for (let i = 0; i < columnCount; i++) if (!reader.skipNullable()) return undefined;
  return reader.skipPairs() ? { at, topicAt, sourceAt, tagsAt, fieldsAt, end: reader.at } : undefined;
}

export function seqOf(bytes: Buffer, { at }: StoredRow): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

export function receivedOf(bytes: Buffer, { at }: StoredRow): number {
  return bytes.readUInt32LE(at + RECEIVED_AT);
}

export function timeOf(bytes: Buffer, { at }: StoredRow): { readonly seconds: number; readonly nanoseconds: number } {
  return { seconds: bytes.readUInt32LE(at + SECONDS_AT), nanoseconds: bytes.readUInt32LE(at + NANOSECONDS_AT) };
}

/** The pairs of the map at `at`. */
export function readPairs(bytes: Buffer, at: number): Pair[] {
  const reader = new TextReader(bytes, at);
  return Array.from({ length: reader.readCount() }, () => reader.readPair());
}
