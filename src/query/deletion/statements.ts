/** What a deletion asks the store: the same condition on rows as every search. */
import type { LogTable } from '../../store/log-table.js';
import { type Bind, writeStatement } from '../../store/parameters.js';
import type { Statement } from '../../store/store.js';
import { isSelected, type Selection } from '../selection.js';
import type { FrozenShard } from './deletions.js';

/** Selects `{ logs }`. */
export function selectCount(table: LogTable, selection: Selection): Statement {
  return writeStatement((bind) => `SELECT count() AS logs FROM logs WHERE ${isSelected(selection, table, bind)}`);
}

/** Selects `day, shard, seq, row` of all logs that are meant, as a list of rows wants them (store/erasure.ts). */
export function selectNames(table: LogTable, selection: Selection, shards: readonly FrozenShard[]): Statement {
  return writeStatement(
    (bind) => `SELECT toDate(time) AS day, shard, seq, row
FROM logs
WHERE ${isSelected(selection, table, bind)}${shards.map((frozen) => `\n  AND ${isBefore(frozen, bind)}`).join('')}`,
  );
}

/** Selects `{ fromNs, toNs }`: all the time that the logs of a logstore span, as text; equal if there are none. */
export function selectSpan({ logstoreId }: Selection): Statement {
  return writeStatement(
    (bind) => `SELECT toString(toUnixTimestamp64Nano(min(time))) AS fromNs,
  toString(if(count() = 0, toUnixTimestamp64Nano(min(time)), toUnixTimestamp64Nano(max(time)) + 1)) AS toNs
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')}`,
  );
}

/** Shards of which nothing is said are written by nobody any more: all they have came before. */
function isBefore({ shard, next }: FrozenShard, bind: Bind): string {
  return `NOT (shard = ${bind(shard, 'UInt64')} AND seq >= ${bind(next, 'UInt64')})`;
}
