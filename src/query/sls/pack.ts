/**
 * Packs: producers number the log groups of one source, so that readers can follow it. The tag `__pack_id__` is
 * `{source's own}-{number in hexadecimal}`; what we tell of a log's place in its group is
 *
 *   0|NDcxMQ==|4|1          __pack_meta__
 *   shard | log group's number in base64 | logs in the group | the log's place among them, from 0
 */
import { writeStatement } from '../../store/parameters.js';
import type { Inquiry } from '../inquiry.js';
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
export interface PackedPlace {
  readonly shard: number;
  readonly seq: bigint;
  readonly row: number;
}

/** Null for what is none of ours. */
export function parsePackMeta(meta: string): PackedPlace | null {
  const [, shard, encoded = '', index] =
    /^(\d{1,5})\|([A-Za-z\d+/]{2,28}={0,2})\|\d{1,10}\|(\d{1,9})$/.exec(meta) ?? [];
  const seq = Buffer.from(encoded, 'base64').toString('latin1');
  if (!/^\d{1,19}$/.test(seq)) return null;
  return { shard: Number(shard), seq: BigInt(seq), row: Number(index) + 1 };
}

/** What tells the `__pack_meta__` of each of these logs. Throws what the store throws. */
export async function packMetas(
  inquiry: Inquiry,
  logstoreId: number,
  rows: readonly PlacedRow[],
): Promise<(row: PlacedRow) => string> {
  const sizes = await countGroups(inquiry, logstoreId, rows);
  return ({ shard, seq, row }) =>
    [shard, Buffer.from(seq).toString('base64'), sizes.get(`${shard} ${seq}`) ?? 1, row - 1].join('|');
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
