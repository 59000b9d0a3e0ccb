/** Logs that meet a search, in the order of time. */
import type { LogRow, LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { isBeyond, type LogPlace } from './log-place.js';
import { isSelected, type Selection } from './selection.js';

export type Order = 'newestFirst' | 'oldestFirst';

export interface Search extends Selection {
  readonly limit: number;
  /** So many logs of the order are passed over; none if absent. */
  readonly offset?: number;
  /** Which logs come first, and which are kept under the limit. */
  readonly order: Order;
  /** Begins behind this log, in the order; at the beginning if null or absent. */
  readonly after?: LogPlace | null;
}

/** A log and its place: see log-place.ts. 64-bit numbers come as text. */
export interface PlacedRow extends LogRow {
  readonly timeNs: string;
  readonly shard: number;
  readonly seq: string;
  readonly row: number;
}

export const PLACE_COLUMNS = 'toString(toUnixTimestamp64Nano(time)) AS timeNs, shard, seq, row';

/**
 * Selects `PlacedRow`s. Logs of the same time are ordered by shard, log group and place in it, so that the same search over
 * the same logs gives the same answer.
 */
export function selectLogs(table: LogTable, search: Search): Statement {
  const { limit, offset = 0, order, after = null } = search;
  return writeStatement(
    (bind) => `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE ${isSelected(search, table, bind)}${after === null ? '' : `\n  AND ${isBeyond(after, order, bind)}`}
ORDER BY ${inOrder(order)}
LIMIT ${bind(limit, 'UInt64')}${skip(offset, bind)}`,
  );
}

export function inOrder(order: Order): string {
  const direction = order === 'newestFirst' ? 'DESC' : 'ASC';
  return `time ${direction}, shard ${direction}, seq ${direction}, row ${direction}`;
}

function skip(offset: number, bind: Bind): string {
  return offset === 0 ? '' : ` OFFSET ${bind(offset, 'UInt64')}`;
}
