/**
 * Logs of one logstore as they reach the store, without a gap and without a repeat.
 *
 * A shard's log groups are numbered and loaded in turn, so a place in each shard accounts for everything delivered. A
 * step first asks how far the shards have come, reading nothing but numbers; only where there is something new does it
 * search the logs between. The place moves on over logs that do not match as well, so that a tail for something rare does
 * not search the same logs again and again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexConfig } from '../model/index-config.js';
import type { Clock } from '../platform/clock.js';
import type { LogRow } from '../store/log-table.js';
import type { QueryLimits, Store } from '../store/store.js';
import type { Query } from './search/ast.js';
import { type Cursor, GROUP_END, type Place } from './tail-cursor.js';
import { type Head, type Span, type SpanRow, selectHeads, selectSpans } from './tail-statements.js';

export interface TailDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: QueryLimits;
}

export interface Tail {
  readonly logstoreId: number;
  /** Of the logstore. */
  readonly index: IndexConfig | null;
  readonly query: Query;
  /** Null begins with what is stored from now on. */
  readonly after: Cursor | null;
}

export type TailEvent = { readonly cursor: Cursor } & (
  | { readonly kind: 'log'; readonly row: LogRow }
  /** So many log groups are stored and still to be looked through. Told once a second at most. */
  | { readonly kind: 'behind'; readonly logGroups: number }
  /** Everything that is stored has been looked through; told after every step that ends so. */
  | { readonly kind: 'caughtUp' }
);

/** Between two steps when there is nothing left to look through. */
const PAUSE_MS = 500;
const BEHIND_EVERY_MS = 1000;

/** Bounds of a step. What is over them is left to the next one, which follows at once. */
const LOGS_PER_STEP_MAX = 1000;
const GROUPS_PER_STEP_MAX = 2000;

/** Goes on until `signal` aborts; then, and when the store fails, it throws. */
export async function* followLogs(deps: TailDeps, tail: Tail, signal: AbortSignal): AsyncGenerator<TailEvent> {
  const { store, clock, limits } = deps;
  const { logstoreId } = tail;
  const readHeads = (cursor: Cursor) => gather(store.query<Head>(selectHeads(logstoreId, cursor), limits, signal));

  const logsMax = Math.min(LOGS_PER_STEP_MAX, limits.rowsMax);
  let cursor = tail.after ?? (await cursorNow(clock, readHeads));
  let toldBehindMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const stepMs = clock.wallMs();
    const heads = await readHeads(cursor);
    const spans = heads.map((head) => spanTo(head, cursor));

    let logCount = 0;
    if (spans.length > 0) {
      const statement = selectSpans(await store.table(signal), tail, cursor, spans, logsMax);
      try {
        for await (const row of store.query<SpanRow>(statement, limits, signal)) {
          cursor = moved(cursor, row.shard, { seq: Number(row.seqText), row: row.row });
          logCount += 1;
          yield { kind: 'log', row, cursor };
        }
      } catch (error) {
        signal.throwIfAborted();
        // A slow reader uses up a statement's time. What it got is accounted for; the next step brings the rest.
        if (logCount === 0) throw error;
        continue;
      }
    }
    if (logCount < logsMax) {
      for (const { shard, lastSeq } of spans) cursor = moved(cursor, shard, { seq: lastSeq, row: GROUP_END });
    }

    const logGroups = countGroups(heads, cursor);
    if (logGroups === 0) {
      cursor = caughtUp(cursor, heads, stepMs);
      yield { kind: 'caughtUp', cursor };
      await sleep(PAUSE_MS, undefined, { signal });
    } else if (clock.monotonicMs() - toldBehindMs >= BEHIND_EVERY_MS) {
      toldBehindMs = clock.monotonicMs();
      yield { kind: 'behind', logGroups, cursor };
    }
  }
}

/** Behind everything that is stored by now. */
async function cursorNow(clock: Clock, readHeads: (cursor: Cursor) => Promise<Head[]>): Promise<Cursor> {
  const nowMs = clock.wallMs();
  const start: Cursor = { caughtUpMs: nowMs, places: new Map() };
  const heads = await readHeads(start);
  const ends = heads.map((head) => [head.shard, { seq: Number(head.lastSeq), row: GROUP_END, timeMs: nowMs }] as const);
  return caughtUp({ ...start, places: new Map(ends) }, heads, nowMs);
}

function spanTo(head: Head, cursor: Cursor): Span {
  const firstSeq = cursor.places.get(head.shard)?.seq ?? Number(head.firstSeq);
  return { shard: head.shard, firstSeq, lastSeq: Math.min(Number(head.lastSeq), firstSeq + GROUPS_PER_STEP_MAX) };
}

function moved(cursor: Cursor, shard: number, to: Omit<Place, 'timeMs'>): Cursor {
  const timeMs = cursor.places.get(shard)?.timeMs ?? cursor.caughtUpMs;
  return { ...cursor, places: new Map(cursor.places).set(shard, { ...to, timeMs }) };
}

function countGroups(heads: readonly Head[], cursor: Cursor): number {
  let count = 0;
  for (const { shard, firstSeq, lastSeq } of heads) {
    const { seq, row } = cursor.places.get(shard) ?? { seq: Number(firstSeq), row: 0 };
    count += Number(lastSeq) - seq + (row < GROUP_END ? 1 : 0);
  }
  return count;
}

/** Places at the heads: from now on, nothing older than these logs is to be expected, but for what comes late. */
function caughtUp(cursor: Cursor, heads: readonly Head[], caughtUpMs: number): Cursor {
  const places = new Map(cursor.places);
  for (const { shard, lastTimeMs } of heads) {
    const place = places.get(shard);
    if (place !== undefined) places.set(shard, { ...place, timeMs: Math.max(place.timeMs, Number(lastTimeMs)) });
  }
  return { caughtUpMs, places };
}

async function gather<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const gathered: Row[] = [];
  for await (const row of rows) gathered.push(row);
  return gathered;
}
