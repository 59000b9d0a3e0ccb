/** How a tail looks through what is new to it: for every log, or for as many as anyone could read. */
import type { Clock } from '../platform/clock.js';
import type { QueryLimits, Store } from '../store/store.js';
import { RateBudget } from './rate-budget.js';
import type { PlacedRow } from './search.js';
import type { Cursor } from './tail-cursor.js';
import type { TailEvent } from './tail-event.js';
import { countSpans, type Span, selectSample, selectSpans, type TailSearch } from './tail-statements.js';

export interface StepDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: QueryLimits;
}

/** Looks through spans as far as it may at once; its events move the cursor on. */
export type Step = (cursor: Cursor, spans: readonly Span[]) => AsyncGenerator<TailEvent>;

/** What is over these is left to the next step, which follows at once. */
const LOGS_PER_STEP_MAX = 1000;
const STEP_LENGTH_MAX = 512 * 1024;

/** Delivers every log that matches. */
export function createWholeStep({ store, limits }: StepDeps, search: TailSearch, signal: AbortSignal): Step {
  const logsMax = Math.min(LOGS_PER_STEP_MAX, limits.rowsMax);
  return async function* (start, spans) {
    const statement = selectSpans(await store.table(signal), search, spans, logsMax);
    const { rows, isWhole } = await gather(store.query<PlacedRow>(statement, limits, signal));
    yield* deliver(rows, start);
    if (isWhole && rows.length < logsMax) yield { kind: 'lookedThrough', cursor: behind(start, spans) };
  };
}

/** As a list, more cannot be read; what comes at once after a pause may be more. */
const SAMPLE = { perSecond: 500, burst: 5000 };

/** The same while the rate allows it; beyond it, some logs from everywhere in the spans, and how many were left out. */
export function createSampledStep(deps: StepDeps, search: TailSearch, signal: AbortSignal): Step {
  const { store, limits, clock } = deps;
  const wholeStep = createWholeStep(deps, search, signal);
  const budget = new RateBudget({ clock, ...SAMPLE });
  return async function* (start, spans) {
    const table = await store.table(signal);
    const counted = await store.ask<{ logs: string }>(countSpans(table, search, spans), limits, signal);
    const logs = Number(counted.rows[0]?.logs ?? 0);
    if (logs <= budget.left) {
      for await (const event of wholeStep(start, spans)) {
        if (event.kind === 'log') budget.spend(1);
        yield event;
      }
      return;
    }
    const sample = selectSample(table, search, spans, Math.ceil(logs / Math.max(1, budget.left)));
    const { rows } = await gather(store.query<PlacedRow>(sample, limits, signal));
    budget.spend(rows.length);
    yield* deliver(rows, start);
    yield { kind: 'leftOut', logs: logs - rows.length, cursor: behind(start, spans) };
  };
}

/**
 * The first rows, up to a length. The statement is over when they are delivered: however slowly they are read, it holds none
 * of the few places in the engine.
 */
async function gather(rows: AsyncIterable<PlacedRow>): Promise<{ rows: readonly PlacedRow[]; isWhole: boolean }> {
  const gathered: PlacedRow[] = [];
  let length = 0;
  for await (const row of rows) {
    gathered.push(row);
    for (const text of [...row.fieldNames, ...row.fieldValues, ...row.tagValues]) length += text.length;
    if (length >= STEP_LENGTH_MAX) return { rows: gathered, isWhole: false };
  }
  return { rows: gathered, isWhole: true };
}

function* deliver(rows: readonly PlacedRow[], start: Cursor): Generator<TailEvent> {
  let cursor = start;
  for (const row of rows) {
    cursor = new Map(cursor).set(row.shard, { seq: Number(row.seq), row: row.row });
    yield { kind: 'log', row, cursor };
  }
}

function behind(cursor: Cursor, spans: readonly Span[]): Cursor {
  const ends = spans.map(({ shard, below }) => [shard, { seq: below, row: 0 }] as const);
  return new Map([...cursor, ...ends]);
}
