/** What consuming asks the store. A place is a shard of a logstore; its log groups are numbered. */

import type { LogTable } from '../store/log-table.js';
import type { Statement } from '../store/store.js';
import { rowColumns } from './stored-row.js';

export interface ShardPlace {
  readonly logstoreId: number;
  /** As the store has it, from 1 on. */
  readonly shard: number;
}

/** Numbers from `from` on and less than `below`. */
export interface SeqRange {
  readonly from: number;
  readonly below: number;
}

const IN_RANGE = `logstore = {logstore:UInt64} AND shard = {shard:UInt16} AND seq >= {from:UInt64} AND seq < {below:UInt64}`;

/** All logs of the range, in order; the columns are those of stored-row.ts. */
export function selectRows(table: LogTable, place: ShardPlace, range: SeqRange): Statement {
  return {
    sql: `SELECT ${rowColumns(table)} FROM logs WHERE ${IN_RANGE} ORDER BY seq, row`,
    parameters: parametersOf(place, range),
  };
}

/** Log group numbers are less than 2^53, but 64-bit numbers come as text. */
export interface StoredGroup {
  readonly seqText: string;
  /** Unix seconds. */
  readonly received: number;
}

/** The first or the last log group of the range that is stored and was received at or after `since`, in Unix seconds. */
export function selectGroup(place: ShardPlace, range: SeqRange, which: 'first' | 'last', since = 0): Statement {
  return {
    sql: `SELECT toString(seq) AS seqText, toUInt32(received) AS received FROM logs
WHERE ${IN_RANGE} AND received >= toDateTime({since:UInt32}, 'UTC')
ORDER BY seq ${which === 'first' ? 'ASC' : 'DESC'} LIMIT 1`,
    parameters: { ...parametersOf(place, range), since },
  };
}

function parametersOf({ logstoreId, shard }: ShardPlace, { from, below }: SeqRange) {
  return { logstore: logstoreId, shard, from, below };
}
