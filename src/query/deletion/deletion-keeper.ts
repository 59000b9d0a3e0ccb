/**
 * The one keeper of all deletions, which are one value (kept-value.ts). What somebody was told has begun is never forgotten over
 * a crash, and its search is gone from here as soon as it is not needed any more.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { ApiError } from '../../errors.js';
import type { IndexConfig } from '../../model/index-config.js';
import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/diagnostics.js';
import { type KeptPlace, KeptValue } from '../../platform/kept-value.js';
import { type Deletions, isFinished, type KeptDeletion } from './deletions.js';

export interface DeletionKeeperOptions {
  /** Of the deletions. */
  readonly place: KeptPlace;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DeletionKeeper extends Deletions {
  close(): Promise<void>;
}

/** Each writes days of logs anew, one after the other: more at a time is a mistake. */
const UNFINISHED_MAX = 100;

/** For whoever has to show that logs were deleted; and so many at most. */
const KEPT_SECONDS_MAX = 366 * 24 * 3600;
const KEPT_MAX = 5000;

const count = z.int().min(0);

/** It was checked when it was given. */
const INDEX = z.custom<IndexConfig>((value) => typeof value === 'object' && value !== null);

const schema = z.object({
  v: z.literal(1),
  deletions: z.array(
    z.object({
      id: z.string(),
      project: z.string(),
      logstore: z.string(),
      logstoreId: z.int(),
      index: INDEX.nullable().optional(),
      state: z.enum(['waiting', 'choosing', 'deleting', 'purging', 'done', 'cancelled', 'failed']),
      query: z.string().nullable(),
      from: z.number(),
      to: z.number(),
      reference: z.string(),
      accessKeyId: z.string(),
      createdAt: z.number(),
      finishedAt: z.number().nullable(),
      logs: count.nullable(),
      deletedLogs: count,
      problem: z.string().nullable(),
      unsearched: z.array(z.string()),
      shards: z.array(z.object({ shard: count, next: count, segment: z.int() })),
      days: z.array(z.object({ day: z.string(), rows: count })),
      doneDays: count,
    }),
  ),
});

interface StoredDeletions {
  readonly v: 1;
  readonly deletions: readonly KeptDeletion[];
}

export async function openDeletionKeeper({ place, clock, log }: DeletionKeeperOptions): Promise<DeletionKeeper> {
  const kept = new KeptValue<StoredDeletions>({ place, schema });
  /** Oldest first. */
  let deletions: readonly KeptDeletion[] = (await kept.read(log))?.deletions ?? [];

  const nowSeconds = () => Math.floor(clock.wallMs() / 1000);

  function pruned(all: readonly KeptDeletion[]): readonly KeptDeletion[] {
    const oldest = nowSeconds() - KEPT_SECONDS_MAX;
    return all.filter((one, i) => !isFinished(one) || (one.createdAt >= oldest && i >= all.length - KEPT_MAX));
  }

  /** What could not be written has not happened. */
  async function keep(changed: readonly KeptDeletion[]): Promise<void> {
    const after = pruned(changed);
    try {
      await kept.save(() => ({ v: 1, deletions: after }));
    } catch (cause) {
      log.error({ err: cause }, 'the deletions could not be written');
      throw new ApiError('ServerBusy', {}, { cause });
    }
    deletions = after;
  }

  /** One change after the other: each begins with what the one before has left. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function change(old: KeptDeletion, changes: Partial<KeptDeletion>): Promise<KeptDeletion> {
    const changed = { ...old, ...changes };
    const ended = isFinished(changed) ? { finishedAt: nowSeconds(), query: null, index: null } : {};
    const after = { ...changed, ...ended };
    await keep(deletions.map((one) => (one.id === old.id ? after : one)));
    return after;
  }

  return {
    createDeletion: (deletion) =>
      inTurn(async () => {
        if (deletions.filter((one) => !isFinished(one)).length >= UNFINISHED_MAX) {
          throw new ApiError('DeletionsTooMany', { max: UNFINISHED_MAX });
        }
        const created: KeptDeletion = {
          ...deletion,
          id: randomBytes(9).toString('hex'),
          state: 'waiting',
          createdAt: nowSeconds(),
          finishedAt: null,
          logs: null,
          deletedLogs: 0,
          problem: null,
          unsearched: [],
          days: [],
          doneDays: 0,
        };
        await keep([...deletions, created]);
        return created;
      }),
    async listDeletions({ logstoreId }) {
      return deletions.filter((one) => one.logstoreId === logstoreId).reverse();
    },
    cancelDeletion: ({ logstoreId, id }) =>
      inTurn(async () => {
        const deletion = deletions.find((one) => one.id === id && one.logstoreId === logstoreId);
        if (deletion === undefined) throw new ApiError('DeletionNotExist', { id });
        if (deletion.state !== 'waiting') throw new ApiError('DeletionHasBegun', { id });
        return change(deletion, { state: 'cancelled', problem: null });
      }),
    async nextDeletion() {
      return deletions.find((one) => !isFinished(one)) ?? null;
    },
    stepDeletion: ({ id, state, change: changes }) =>
      inTurn(async () => {
        const deletion = deletions.find((one) => one.id === id);
        if (deletion?.state !== state) return false;
        await change(deletion, changes);
        return true;
      }),
    async close() {
      await last;
      await kept.close();
    },
  };
}
