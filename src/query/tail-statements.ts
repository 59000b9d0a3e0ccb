/** What a tail asks the store: how far the shards have come, and the matching logs up to there. */
import type { IndexConfig } from '../model/index-config.js';
import type { LogRow, LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { compileQuery } from './compile/compile.js';
import type { Query } from './search/ast.js';
import type { Cursor } from './tail-cursor.js';

/**
 * How much older than a log stored before it a log may be: clocks step, bodies arrive slowly, shards are loaded side by
 * side. The table is sorted by time, so this is how far back a tail looks for numbers it has not seen.
 */
const LATE_MS_MAX = 60_000;

/** A shard that has something behind the cursor: its first and last log group there. 64-bit numbers come as text. */
export interface Head {
  readonly shard: number;
  readonly firstSeq: string;
  readonly lastSeq: string;
  readonly lastTimeMs: string;
}

/** Selects `Head`s. */
export function selectHeads(logstoreId: number, cursor: Cursor): Statement {
  return writeStatement((bind) => {
    const known = [...cursor.places.keys()];
    const others = `NOT has(${bind(known, 'Array(UInt16)')}, shard) AND ${isSince(cursor.caughtUpMs, bind)}`;
    const parts = [others, ...known.map((shard) => isBehind(cursor, shard, 0, bind))];
    return `SELECT shard, toString(min(seq)) AS firstSeq, toString(max(seq)) AS lastSeq,
  toString(max(toUnixTimestamp64Milli(time))) AS lastTimeMs
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND (${parts.join(' OR ')})
GROUP BY shard
ORDER BY shard`;
  });
}

/** What is behind the cursor in one shard, up to and with the log group `lastSeq`. */
export interface Span {
  readonly shard: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export interface SpanRow extends LogRow {
  readonly shard: number;
  readonly seqText: string;
  readonly row: number;
}

/** Selects `SpanRow`s. Those of each shard come in the order of their numbers, so that the answer can be cut anywhere. */
export function selectSpans(
  table: LogTable,
  search: { readonly logstoreId: number; readonly index: IndexConfig | null; readonly query: Query },
  cursor: Cursor,
  spans: readonly Span[],
  limit: number,
): Statement {
  const { logstoreId, index, query } = search;
  return writeStatement((bind) => {
    const parts = spans.map(
      ({ shard, firstSeq, lastSeq }) =>
        `${isBehind(cursor, shard, firstSeq, bind)} AND seq <= ${bind(lastSeq, 'UInt64')}`,
    );
    return `SELECT ${table.logColumns}, shard, toString(seq) AS seqText, row
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND (${parts.join(' OR ')}) AND ${compileQuery(query, { table, index, bind })}
ORDER BY seq, row, shard
LIMIT ${bind(limit, 'UInt64')}`;
  });
}

/** A shard that the cursor does not know begins with the first log of its log group `firstSeq`. */
function isBehind(cursor: Cursor, shard: number, firstSeq: number, bind: Bind): string {
  const { seq, row, timeMs } = cursor.places.get(shard) ?? { seq: firstSeq, row: -1, timeMs: cursor.caughtUpMs };
  const seqPlaceholder = bind(seq, 'UInt64');
  return [
    `shard = ${bind(shard, 'UInt64')}`,
    isSince(timeMs, bind),
    `(seq > ${seqPlaceholder} OR seq = ${seqPlaceholder} AND row > ${bind(row, 'Int64')})`,
  ].join(' AND ');
}

function isSince(timeMs: number, bind: Bind): string {
  return `time >= fromUnixTimestamp64Milli(${bind(Math.max(0, timeMs - LATE_MS_MAX), 'Int64')}, 'UTC')`;
}
