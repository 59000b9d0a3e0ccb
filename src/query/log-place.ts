/**
 * Where a log is: the moment that the table is sorted by, and what names the log for ever. As text it is the log's id:
 *
 *   1795046385123456789-0-4711-3
 *   timeNs          shard-seq-row
 */
import type { Bind } from '../store/parameters.js';
import type { Order } from './search.js';
import { instant } from './selection.js';

export interface LogPlace {
  /** Unix nanoseconds. */
  readonly timeNs: bigint;
  readonly shard: number;
  readonly seq: bigint;
  readonly row: number;
}

/** As the store answers `PLACE_COLUMNS`. */
export function placeOf(row: {
  readonly timeNs: string;
  readonly shard: number;
  readonly seq: string;
  readonly row: number;
}): LogPlace {
  return { timeNs: BigInt(row.timeNs), shard: row.shard, seq: BigInt(row.seq), row: row.row };
}

const ID = /^(\d{1,19})-(\d{1,5})-(\d{1,19})-(\d{1,10})$/;
const INT64_MAX = 2n ** 63n - 1n;

export function printPlace(place: {
  readonly timeNs: bigint | string;
  readonly shard: number;
  readonly seq: bigint | string;
  readonly row: number;
}): string {
  return `${place.timeNs}-${place.shard}-${place.seq}-${place.row}`;
}

/** Null for what `printPlace` cannot have printed. */
export function parsePlace(id: string): LogPlace | null {
  const [, timeNs = '', shard = '', seq = '', row = ''] = ID.exec(id) ?? [];
  if (timeNs === '') return null;
  const place = { timeNs: BigInt(timeNs), shard: Number(shard), seq: BigInt(seq), row: Number(row) };
  return place.timeNs > INT64_MAX || place.shard > 0xffff || place.row > 0xffff_ffff ? null : place;
}

/** The condition that a log comes behind this one in the order. */
export function isBeyond(place: LogPlace, order: Order, bind: Bind): string {
  const [sign, far] = order === 'newestFirst' ? ['<', '<='] : ['>', '>='];
  const time = instant(place.timeNs, bind);
  const others = [bind(place.shard, 'UInt64'), bind(place.seq, 'UInt64'), bind(place.row, 'UInt64')];
  // The first half is for the primary key.
  return `time ${far} ${time} AND (time, shard, seq, row) ${sign} (${[time, ...others].join(', ')})`;
}

/** The condition that a row is this log. */
export function isAt(place: LogPlace, bind: Bind): string {
  return `time = ${instant(place.timeNs, bind)} AND ${isNamed(place, bind)}`;
}

/** The same without the time, which the three make superfluous but for speed. */
export function isNamed({ shard, seq, row }: Omit<LogPlace, 'timeNs'>, bind: Bind): string {
  return `shard = ${bind(shard, 'UInt64')} AND seq = ${bind(seq, 'UInt64')} AND row = ${bind(row, 'UInt64')}`;
}
