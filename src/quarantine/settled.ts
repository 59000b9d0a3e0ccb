/**
 * Which quarantined logs are settled, as logs of `NAME.replays`: one for each, with the time of the log it is about, so that
 * both age together. Saying the same of a log twice does no harm.
 */
import type { CanonicalBody } from '../model/log-group.js';
import type { LogPlace } from '../query/log-place.js';
import { isInRange, type TimeRange } from '../query/selection.js';
import type { LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';

export type Outcome = 'stored' | 'dropped';

export interface Mark {
  readonly place: LogPlace;
  /** Of the replay that settled it. */
  readonly replay: string;
  readonly outcome: Outcome;
}

/** What is settled, by the name of the log. */
export type Marks = ReadonlyMap<string, Pick<Mark, 'replay' | 'outcome'>>;

/** Names a log within its logstore for ever. */
export function nameOf({ shard, seq, row }: Omit<LogPlace, 'timeNs'>): string {
  return `${shard}-${seq}-${row}`;
}

/** At least one mark. */
export function marksBody(marks: readonly Mark[]): CanonicalBody {
  const logs = marks.map(({ place, replay, outcome }) => ({ log: nameOf(place), replay, outcome }));
  return timedBody(
    { __logs__: logs },
    marks.map(({ place }) => place.timeNs),
  );
}

/** Settles nothing: once it is in the store, everything is that was written before it. */
export function fenceBody(replay: string, nowMs: number): CanonicalBody {
  return timedBody({ __logs__: [{ log: '', replay, outcome: 'begun' }] }, [BigInt(nowMs) * 1_000_000n]);
}

/** A group of ours, whose logs have these times in Unix nanoseconds. */
function timedBody(group: { readonly __logs__: readonly object[] }, times: readonly bigint[]): CanonicalBody {
  const bytes = Buffer.from(JSON.stringify(group));
  return { bytes, start: 1, end: bytes.length, logCount: times.length, hasLogTags: false, times: timesOf(times) };
}

export function timesOf(times: readonly bigint[]): NonNullable<CanonicalBody['times']> {
  const ms = times.map((time) => Number(time / 1_000_000n));
  return { text: times.join(','), firstMs: Math.min(...ms), lastMs: Math.max(...ms) };
}

export interface MarkRow {
  readonly log: string;
  readonly replay: string;
  readonly outcome: Outcome;
}

/** Selects `MarkRow`s of the logs with these names, which are of the range. */
export function selectMarks(
  table: LogTable,
  logstoreId: number,
  range: TimeRange,
  names: readonly string[],
): Statement {
  return writeStatement((bind) => {
    const field = (name: string) => `${table.field(name, bind).value} AS ${name}`;
    return `SELECT ${field('log')}, ${field('replay')}, ${field('outcome')}
FROM logs
WHERE ${isMark(table, logstoreId, range, bind)} AND ${table.field('log', bind).value} IN ${bind(names, 'Array(String)')}`;
  });
}

/** The condition that a row of the range is a quarantined log that is settled. */
export function isSettled(table: LogTable, logstoreId: number, range: TimeRange, bind: Bind): string {
  const name = `concat(toString(shard), '-', toString(seq), '-', toString(row))`;
  return `${name} IN (SELECT ${table.field('log', bind).value} FROM logs WHERE ${isMark(table, logstoreId, range, bind)})`;
}

function isMark(table: LogTable, logstoreId: number, range: TimeRange, bind: Bind): string {
  const log = table.field('log', bind).value;
  return `logstore = ${bind(logstoreId, 'UInt64')} AND ${isInRange(range, bind)} AND notEmpty(${log})`;
}
