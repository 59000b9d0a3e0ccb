/** What a tail asks the store: the logs that match among those which are new to it. */
import type { IndexConfig } from '../model/index-config.js';
import type { LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { compileQuery } from './compile/compile.js';
import type { Query } from './search/ast.js';
import { PLACE_COLUMNS } from './search.js';
import type { Place } from './tail-cursor.js';

/** Log groups of one shard that are new: from a place on and below a number. */
export interface Span {
  readonly shard: number;
  readonly from: Place;
  readonly below: number;
}

/** What a tail looks for. */
export interface TailSearch {
  readonly logstoreId: number;
  /** Of the logstore. */
  readonly index: IndexConfig | null;
  readonly query: Query;
}

/** Selects `PlacedRow`s. Those of each shard come in the order of their numbers, so that the answer can be cut anywhere. */
export function selectSpans(table: LogTable, search: TailSearch, spans: readonly Span[], limit: number): Statement {
  return select(table, search, spans, '', limit);
}

/** Of `oneOf` logs about one, whatever is asked together with it: which ones is decided by their names. */
export function selectSample(table: LogTable, search: TailSearch, spans: readonly Span[], oneOf: number): Statement {
  return select(table, search, spans, ` AND cityHash64(shard, seq, row) % ${Math.trunc(oneOf)} = 0`, null);
}

/** Selects `{ logs }`. */
export function countSpans(table: LogTable, search: TailSearch, spans: readonly Span[]): Statement {
  return writeStatement(
    (bind) => `SELECT toString(count()) AS logs FROM logs WHERE ${isInSpans(table, search, spans, bind)}`,
  );
}

function select(
  table: LogTable,
  search: TailSearch,
  spans: readonly Span[],
  condition: string,
  limit: number | null,
): Statement {
  return writeStatement(
    (bind) => `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE ${isInSpans(table, search, spans, bind)}${condition}
ORDER BY seq, row, shard${limit === null ? '' : `\nLIMIT ${bind(limit, 'UInt64')}`}`,
  );
}

function isInSpans(
  table: LogTable,
  { logstoreId, index, query }: TailSearch,
  spans: readonly Span[],
  bind: Bind,
): string {
  const parts = spans.map((span) => isInSpan(span, bind));
  return `logstore = ${bind(logstoreId, 'UInt64')} AND (${parts.join(' OR ')}) AND ${compileQuery(query, { table, index, bind })}`;
}

/** The table is not sorted by numbers, but knows the least and greatest one of every granule. */
function isInSpan({ shard, from, below }: Span, bind: Bind): string {
  const first = bind(from.seq, 'UInt64');
  const range = `shard = ${bind(shard, 'UInt64')} AND seq >= ${first} AND seq < ${bind(below, 'UInt64')}`;
  return from.row === 0 ? range : `${range} AND (seq > ${first} OR row > ${bind(from.row, 'UInt64')})`;
}
