/** Which logs a question is about: those of one logstore in a range of time that meet a search. */
import type { IndexConfig } from '../model/index-config.js';
import type { LogTable } from '../store/log-table.js';
import type { Bind } from '../store/parameters.js';
import { compileQuery } from './compile/compile.js';
import type { Query } from './search/ast.js';

/** Unix nanoseconds; `fromNs` is in the range, `toNs` is not. */
export interface TimeRange {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

export interface Selection extends TimeRange {
  readonly logstoreId: number;
  /** Of the logstore. */
  readonly index: IndexConfig | null;
  readonly query: Query;
  /** Only logs of this topic; null for any. */
  readonly topic?: string | null;
}

/** The condition on rows of `logs`. */
export function isSelected(selection: Selection, table: LogTable, bind: Bind): string {
  const { logstoreId, index, query, topic = null } = selection;
  const within = `logstore = ${bind(logstoreId, 'UInt64')}\n  AND ${isInRange(selection, bind)}`;
  const conditions = [
    within,
    ...(topic === null ? [] : [`topic = ${bind(topic)}`]),
    compileQuery(query, { table, index, bind, within }),
  ];
  return conditions.join('\n  AND ');
}

export function isInRange({ fromNs, toNs }: TimeRange, bind: Bind): string {
  return `time >= ${instant(fromNs, bind)} AND time < ${instant(toNs, bind)}`;
}

/** The moment as a value of the column `time`. */
export function instant(ns: bigint, bind: Bind): string {
  return `fromUnixTimestamp64Nano(${bind(ns, 'Int64')}, 'UTC')`;
}

/** The last second that the store's column for times, 64 bits of nanoseconds, can hold. */
export const TIME_SECONDS_MAX = 9_223_372_036;

/** Numbers of seconds are good to the microsecond. */
export function nanosecondsOfSeconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1_000_000)) * 1000n;
}

export function nanosecondsOf(seconds: number, nanoseconds = 0): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}
