/**
 * Logs of one logstore as they reach the store, without a gap and without a repeat, whatever times they bring.
 *
 * A shard's log groups are numbered, and whoever writes it knows below which number the store has all that there will ever be.
 * So a place in each shard accounts for everything delivered, and the store is asked only when there is something new. The
 * place moves on over logs that do not match as well, so that a tail for something rare does not search the same logs again
 * and again.
 *
 * A shard whose worker or node is away holds up none of the others. When it is back it is followed from where it was left.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import { ShardEnds, type ShardEndsDeps } from './shard-ends.js';
import type { Cursor, Place } from './tail-cursor.js';
import type { TailEvent } from './tail-event.js';
import type { Span, TailSearch } from './tail-statements.js';
import { createSampledStep, createWholeStep, type StepDeps } from './tail-steps.js';

export interface TailDeps extends StepDeps, ShardEndsDeps {
  /** How far the store has a shard of which nobody else says anything. */
  readonly storedPosition: (question: ShardQuestion) => Promise<ShardPosition>;
}

export interface Tail extends TailSearch {
  /** Null begins with what is stored from now on. */
  readonly after: Cursor | null;
  /** Leave logs out, and say so, when more of them arrive than anyone could read. */
  readonly mayLeaveOut: boolean;
}

/** Between two looks when there is nothing new. */
const PAUSE_MS = 250;
const BEHIND_EVERY_MS = 1000;

/** In a step. What is over it is left to the next one, which follows at once. */
const GROUPS_PER_STEP_MAX = 2000;

/** Goes on until `signal` aborts; then, and when the store fails, it throws. */
export async function* followLogs(deps: TailDeps, tail: Tail, signal: AbortSignal): AsyncGenerator<TailEvent> {
  const { clock } = deps;
  const step = (tail.mayLeaveOut ? createSampledStep : createWholeStep)(deps, tail, signal);
  const shardEnds = new ShardEnds(deps, tail.logstoreId);
  let cursor = tail.after;
  let toldMissing = '';
  let toldBehindMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const { known: ends, missing } = await shardEnds.look();
    cursor ??= startAt(ends, await storedEnds(deps, tail.logstoreId, missing));
    if (missing.join() !== toldMissing) {
      toldMissing = missing.join();
      yield { kind: 'missing', shards: missing, cursor };
    }
    const spans = await trusted(deps, spansOf(cursor, ends), signal);
    if (spans.length > 0) {
      for await (const event of step(cursor, spans)) {
        ({ cursor } = event);
        yield event;
      }
    }

    const logGroups = countGroups(cursor, ends);
    if (logGroups > 0 && clock.monotonicMs() - toldBehindMs >= BEHIND_EVERY_MS) {
      toldBehindMs = clock.monotonicMs();
      yield { kind: 'behind', logGroups, cursor };
    }
    if (logGroups > 0 && spans.length > 0) continue;
    if (logGroups === 0) yield { kind: missing.length === 0 ? 'caughtUp' : 'lookedThrough', cursor };
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** How far each shard is loaded. */
type Ends = ReadonlyMap<number, ShardPosition>;

/** For a tail that begins while shards are missing. */
async function storedEnds({ storedPosition }: TailDeps, logstoreId: number, missing: readonly number[]): Promise<Ends> {
  return new Map(
    await Promise.all(missing.map(async (shard) => [shard, await storedPosition({ logstoreId, shard })] as const)),
  );
}

/** Behind everything that is stored by now. */
function startAt(...ends: readonly Ends[]): Cursor {
  return new Map(ends.flatMap((some) => [...some].map(([shard, { loaded }]) => [shard, { seq: loaded, row: 0 }])));
}

/** A shard that the cursor does not know is new, and so is all that is in it. */
function placeIn(cursor: Cursor, shard: number): Place {
  return cursor.get(shard) ?? { seq: 0, row: 0 };
}

interface KnownSpan extends Span {
  readonly storeRun: string | null;
}

function spansOf(cursor: Cursor, ends: Ends): KnownSpan[] {
  return [...ends].flatMap(([shard, { loaded, storeRun }]) => {
    const from = placeIn(cursor, shard);
    const below = Math.min(loaded, from.seq + GROUPS_PER_STEP_MAX);
    return from.seq >= loaded ? [] : [{ shard, from, below, storeRun }];
  });
}

/** Those of which the store has everything: one that was restarted may have lost its last writes, and is about to get them again. */
async function trusted({ store }: TailDeps, spans: readonly KnownSpan[], signal: AbortSignal): Promise<KnownSpan[]> {
  if (spans.length === 0) return [];
  const run = await store.generation(signal);
  return spans.filter(({ storeRun }) => storeRun === null || storeRun === run);
}

function countGroups(cursor: Cursor, ends: Ends): number {
  return [...ends].reduce((sum, [shard, { loaded }]) => sum + Math.max(0, loaded - placeIn(cursor, shard).seq), 0);
}
