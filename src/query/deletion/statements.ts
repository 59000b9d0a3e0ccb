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

/**
 * Selects `day, shard, seq, row` of all logs that are meant, as a list of rows wants them (store/erasure.ts). `later` are shards
 * that came behind the frozen ones, with a new node or worker.
 */
export function selectNames(
  table: LogTable,
  selection: Selection,
  { frozen, later }: { readonly frozen: readonly FrozenShard[]; readonly later: readonly number[] },
): Statement {
  return writeStatement((bind) => {
    const conditions = [
      ...frozen.map((shard) => isBefore(shard, bind)),
      `NOT has(${bind(later, 'Array(UInt16)')}, shard)`,
    ];
    return `SELECT toDate(time) AS day, shard, seq, row
FROM logs
WHERE ${isSelected(selection, table, bind)}${conditions.map((condition) => `\n  AND ${condition}`).join('')}`;
  });
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

/** Shards of which nothing is said, here or as later ones, are written by nobody any more: all they have came before. */
function isBefore({ shard, next }: FrozenShard, bind: Bind): string {
  return `NOT (shard = ${bind(shard, 'UInt64')} AND seq >= ${bind(next, 'UInt64')})`;
}
