/** Logs of one logstore in a range of time that meet a query. */
import type { IndexConfig } from '../model/index-config.js';
import type { LogTable } from '../store/log-table.js';
import { writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { compileQuery } from './compile/compile.js';
import type { Query } from './search/ast.js';

export interface Search {
  readonly logstoreId: number;
  /** Of the logstore. */
  readonly index: IndexConfig | null;
  readonly query: Query;
  /** Unix milliseconds; `fromMs` is in the range, `toMs` is not. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  /** Which logs come first, and which are kept under the limit. */
  readonly order: 'newestFirst' | 'oldestFirst';
}

/**
 * Selects `LogRow`s. Logs of the same time are ordered by shard, log group and place in it, so that the same search over
 * the same logs gives the same answer.
 */
export function selectLogs(table: LogTable, search: Search): Statement {
  const { logstoreId, index, query, fromMs, toMs, limit, order } = search;
  const direction = order === 'newestFirst' ? 'DESC' : 'ASC';
  return writeStatement(
    (bind) => `SELECT ${table.logColumns}
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')}
  AND time >= fromUnixTimestamp64Milli(${bind(fromMs, 'Int64')}, 'UTC')
  AND time < fromUnixTimestamp64Milli(${bind(toMs, 'Int64')}, 'UTC')
  AND ${compileQuery(query, { table, index, bind })}
ORDER BY time ${direction}, shard ${direction}, seq ${direction}, row ${direction}
LIMIT ${bind(limit, 'UInt64')}`,
  );
}
