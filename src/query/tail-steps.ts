/** How a tail looks through what is new to it: for every log, or for as many as anyone could read. */
import type { Clock } from '../platform/clock.js';
import type { QueryLimits, Store } from '../store/store.js';
import { RateBudget } from './rate-budget.js';
import type { Cursor } from './tail-cursor.js';
import type { TailEvent } from './tail-event.js';
import { countSpans, type Span, type SpanRow, selectSample, selectSpans, type TailSearch } from './tail-statements.js';

export interface StepDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: QueryLimits;
}

/** Looks through spans as far as it may at once; its events move the cursor on. */
export type Step = (cursor: Cursor, spans: readonly Span[]) => AsyncGenerator<TailEvent>;

/** What is over it is left to the next step, which follows at once. */
const LOGS_PER_STEP_MAX = 1000;

/** Delivers every log that matches. */
export function createWholeStep({ store, limits }: StepDeps, search: TailSearch, signal: AbortSignal): Step {
  const logsMax = Math.min(LOGS_PER_STEP_MAX, limits.rowsMax);
  return async function* (start, spans) {
    const rows = store.query<SpanRow>(selectSpans(await store.table(signal), search, spans, logsMax), limits, signal);
    let cursor = start;
    let logCount = 0;
    try {
      for await (const event of deliver(rows, start)) {
        ({ cursor } = event);
        logCount += 1;
        yield event;
      }
    } catch (error) {
      signal.throwIfAborted();
      // A slow reader uses up a statement's time. What it got is accounted for; the next step brings the rest.
      if (logCount === 0) throw error;
      return;
    }
    if (logCount < logsMax) yield { kind: 'lookedThrough', cursor: behind(cursor, spans) };
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
    const { rows } = await store.ask<{ logs: string }>(countSpans(table, search, spans), limits, signal);
    const logs = Number(rows[0]?.logs ?? 0);
    const isWhole = logs <= budget.left;
    const sample = selectSample(table, search, spans, Math.ceil(logs / Math.max(1, budget.left)));
    const events = isWhole ? wholeStep(start, spans) : deliver(store.query<SpanRow>(sample, limits, signal), start);
    let logCount = 0;
    for await (const event of events) {
      if (event.kind === 'log') {
        budget.spend(1);
        logCount += 1;
      }
      yield event;
    }
    if (!isWhole) yield { kind: 'leftOut', logs: logs - logCount, cursor: behind(start, spans) };
  };
}

async function* deliver(rows: AsyncIterable<SpanRow>, start: Cursor): AsyncGenerator<TailEvent> {
  let cursor = start;
  for await (const row of rows) {
    cursor = new Map(cursor).set(row.shard, { seq: Number(row.seqText), row: row.row });
    yield { kind: 'log', row, cursor };
  }
}

function behind(cursor: Cursor, spans: readonly Span[]): Cursor {
  const ends = spans.map(({ shard, below }) => [shard, { seq: below, row: 0 }] as const);
  return new Map([...cursor, ...ends]);
}
