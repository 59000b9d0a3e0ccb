/**
 * A range of logs that stays as it is now, for what takes its time over it: what is stored later is not in it, wherever its time
 * would put it.
 */
import * as z from 'zod';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Shards } from '../model/shards.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { QueryLimits, Store } from '../store/store.js';
import { isInRange, type TimeRange } from './selection.js';

/** Of each shard that had logs in the range at the beginning: the last log group that belongs to it. */
export const BOUNDS = z.array(z.strictObject({ shard: z.int().min(0).max(0xffff), lastSeq: z.int().min(0) }));
export type Bounds = z.infer<typeof BOUNDS>;

export interface FreezeDeps {
  readonly store: Pick<Store, 'ask'>;
  readonly limits: QueryLimits;
  readonly shards: Shards;
  /** Asks whoever writes the shard. */
  readonly position: (question: ShardQuestion) => Promise<ShardPosition>;
  readonly signal: AbortSignal;
}

/** As far as everything is certain to be there. */
export async function freezeRange(deps: FreezeDeps, logstoreId: number, range: TimeRange): Promise<Bounds> {
  const bounds = await Promise.all(
    (await findBounds(deps, logstoreId, range)).map(async ({ shard, lastSeq }) => ({
      shard,
      lastSeq: Math.min(lastSeq, await lastCertain(deps, logstoreId, shard)),
    })),
  );
  return bounds.filter(({ lastSeq }) => lastSeq >= 0);
}

/** As far as anything can be seen. */
export async function findBounds(
  { store, limits, signal }: Pick<FreezeDeps, 'store' | 'limits' | 'signal'>,
  logstoreId: number,
  range: TimeRange,
): Promise<Bounds> {
  const statement = writeStatement(
    (bind) => `SELECT shard, max(seq) AS lastSeq
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND ${isInRange(range, bind)}
GROUP BY shard
ORDER BY shard`,
  );
  const { rows } = await store.ask<{ shard: number; lastSeq: string }>(statement, limits, signal);
  return rows.map(({ shard, lastSeq }) => ({ shard, lastSeq: Number(lastSeq) }));
}

/**
 * The last log group of which the store has everything, and of all before it. Of what is being stored at this moment a part
 * may be visible and the rest soon: it is not in the range. What a shard has that nobody writes any more is all there.
 */
export async function lastCertain(
  { shards, position }: Pick<FreezeDeps, 'shards' | 'position'>,
  logstoreId: number,
  shard: number,
): Promise<number> {
  if (!shards.all.includes(shard)) return Number.POSITIVE_INFINITY;
  return (await position({ logstoreId, shard })).loaded - 1;
}

/** The condition that a row is within the bounds. */
export function isWithin(bounds: Bounds, bind: Bind): string {
  const parts = bounds.map(
    ({ shard, lastSeq }) => `shard = ${bind(shard, 'UInt64')} AND seq <= ${bind(lastSeq, 'UInt64')}`,
  );
  // No shard had any.
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`;
}
