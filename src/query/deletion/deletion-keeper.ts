/**
 * The one keeper of all deletions: `deletions.json` in the data directory (kept-file.ts). What somebody was told has begun is
 * never forgotten over a crash, and its search is gone from here as soon as it is not needed any more.
 */
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import * as z from 'zod';
import { ApiError } from '../../errors.js';
import type { IndexConfig } from '../../model/index-config.js';
import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/diagnostics.js';
import type { Disk } from '../../platform/disk.js';
import { filePlace } from '../../platform/file-place.js';
import { KeptValue } from '../../platform/kept-value.js';
import { type Deletions, isFinished, type KeptDeletion } from './deletions.js';

export interface DeletionKeeperOptions {
  /** The data directory. */
  readonly dir: string;
  readonly disk: Disk;
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

export async function openDeletionKeeper({ dir, disk, clock, log }: DeletionKeeperOptions): Promise<DeletionKeeper> {
  const file = new KeptValue<StoredDeletions>({ place: filePlace(disk, path.join(dir, 'deletions.json')), schema });
  /** Oldest first. */
  let deletions: readonly KeptDeletion[] = (await file.read(log))?.deletions ?? [];

  const nowSeconds = () => Math.floor(clock.wallMs() / 1000);

  function pruned(all: readonly KeptDeletion[]): readonly KeptDeletion[] {
    const oldest = nowSeconds() - KEPT_SECONDS_MAX;
    return all.filter((one, i) => !isFinished(one) || (one.createdAt >= oldest && i >= all.length - KEPT_MAX));
  }

  /** What could not be written has not happened. */
  async function keep(changed: readonly KeptDeletion[]): Promise<void> {
    const after = pruned(changed);
    try {
      await file.save(() => ({ v: 1, deletions: after }));
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
    const kept = { ...changed, ...ended };
    await keep(deletions.map((one) => (one.id === old.id ? kept : one)));
    return kept;
  }

  return {
    createDeletion: (deletion) =>
      inTurn(async () => {
        if (deletions.filter((one) => !isFinished(one)).length >= UNFINISHED_MAX) {
          throw new ApiError('DeletionsTooMany', { max: UNFINISHED_MAX });
        }
        const kept: KeptDeletion = {
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
        await keep([...deletions, kept]);
        return kept;
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
      await file.close();
    },
  };
}
