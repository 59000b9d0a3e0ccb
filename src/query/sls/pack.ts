/**
 * Packs: producers number the log groups of one source, so that readers can follow it. The tag `__pack_id__` is
 * `{source's own}-{number in hexadecimal}`; what we tell of a log's place in its group is
 *
 *   0|MTQ0NzI5OTYwNjg5MzYzMjM1Ng==|4|1      __pack_meta__
 *   shard | cursor of the log group | logs in the group | the log's place among them, from 0
 *
 * Shards on the wire count from 0, ours from 1.
 */
import type { Logstore } from '../../model/catalog.js';
import { decodeCursor, encodeCursor } from '../../model/cursor.js';
import { writeStatement } from '../../store/parameters.js';
import type { Inquiry } from '../inquiry.js';
import type { LogPlace } from '../log-place.js';
import type { PlacedRow } from '../search.js';

export const PACK_ID = '__pack_id__';

export interface PackId {
  /** With the `-` at its end. */
  readonly prefix: string;
  readonly number: bigint;
}

/** Null for what no producer sends. */
export function parsePackId(id: string): PackId | null {
  const [, prefix, digits] = /^(.*-)([0-9A-Fa-f]{1,16})$/.exec(id) ?? [];
  return prefix === undefined || digits === undefined ? null : { prefix, number: BigInt(`0x${digits}`) };
}

/** A log by what names it in its logstore. */
export type PackedPlace = Omit<LogPlace, 'timeNs'>;

/** Null for what is none of ours. */
export function parsePackMeta(meta: string, logstore: Logstore): PackedPlace | null {
  const [, shard, cursor = '', index] = /^(\d{1,4})\|([^|]*)\|\d{1,10}\|(\d{1,9})$/.exec(meta) ?? [];
  const seq = decodeCursor(logstore, cursor);
  return seq === undefined ? null : { shard: Number(shard) + 1, seq: BigInt(seq), row: Number(index) + 1 };
}

/** What tells the `__pack_meta__` of each of these logs. Throws what the store throws. */
export async function packMetas(
  inquiry: Inquiry,
  logstore: Logstore,
  rows: readonly PlacedRow[],
): Promise<(row: PlacedRow) => string> {
  const sizes = await countGroups(inquiry, logstore.id, rows);
  return ({ shard, seq, row }) =>
    [shard - 1, encodeCursor(logstore, Number(seq)), sizes.get(`${shard} ${seq}`) ?? 1, row - 1].join('|');
}

/** How many logs a group has, by shard and number. The number alone is what the store finds quickly. */
async function countGroups(
  inquiry: Inquiry,
  logstoreId: number,
  rows: readonly PlacedRow[],
): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const seqs = [...new Set(rows.map(({ seq }) => Number(seq)))];
  const groups = await inquiry.ask<{ shard: number; seq: string; logs: string }>(() =>
    writeStatement(
      (bind) => `SELECT shard, seq, count() AS logs
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND seq IN ${bind(seqs, 'Array(UInt64)')}
GROUP BY shard, seq`,
    ),
  );
  return new Map(groups.rows.map(({ shard, seq, logs }) => [`${shard} ${seq}`, Number(logs)]));
}
