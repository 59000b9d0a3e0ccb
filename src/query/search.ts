/** Logs of one logstore in a range of time that meet a query. */
import type { Statement } from '../store/store.js';
import type { Query } from './ast.js';
import { compileQuery } from './compile.js';
import { LOG_COLUMNS } from './log-row.js';
import { writeStatement } from './parameters.js';

export interface Search {
  readonly logstoreId: number;
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
export function selectLogs({ logstoreId, query, fromMs, toMs, limit, order }: Search): Statement {
  const direction = order === 'newestFirst' ? 'DESC' : 'ASC';
  return writeStatement(
    (bind) => `SELECT ${LOG_COLUMNS}
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')}
  AND time >= fromUnixTimestamp64Milli(${bind(fromMs, 'Int64')}, 'UTC')
  AND time < fromUnixTimestamp64Milli(${bind(toMs, 'Int64')}, 'UTC')
  AND ${compileQuery(query, bind)}
ORDER BY time ${direction}, shard ${direction}, seq ${direction}, row ${direction}
LIMIT ${bind(limit, 'UInt64')}`,
  );
}
