/** Analytics over logs in a real store: what a query gives, as it is printed. */
import type { IndexConfig } from '../../../src/model/index-config.js';
import { compileAnalytics } from '../../../src/query/analytics/compile.js';
import { parseQuery } from '../../../src/query/search/parse.js';
import { nanosecondsOf } from '../../../src/query/selection.js';
import { splitQuery } from '../../../src/query/split-query.js';
import type { LogTable } from '../../../src/store/log-table.js';
import { type Engine, LIMITS } from './engine.js';

export interface Asked {
  readonly logstore: number;
  readonly index?: IndexConfig | null;
  /** Unix seconds. */
  readonly from?: number;
  readonly to?: number;
  readonly timeZone?: string;
  /** Where that differs from what the store says. */
  readonly table?: LogTable;
}

export interface Answer {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `text` is a whole query, `search | SELECT …`. */
export async function analyse(engine: Engine, text: string, asked: Asked): Promise<Answer> {
  const { columns, statement, readRow } = await compiled(engine, text, asked);
  const rows: string[][] = [];
  const answer = engine.store.query<Record<string, unknown>>(statement, LIMITS, AbortSignal.timeout(20_000));
  for await (const row of answer) rows.push(readRow(row));
  return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type), rows };
}

async function compiled(engine: Engine, text: string, asked: Asked): Promise<ReturnType<typeof compileAnalytics>> {
  const { search, analytics } = splitQuery(text);
  return compileAnalytics({
    text,
    at: analytics?.at ?? text.length,
    selection: {
      logstoreId: asked.logstore,
      index: asked.index ?? null,
      query: parseQuery(search),
      fromNs: nanosecondsOf(asked.from ?? 0),
      toNs: nanosecondsOf(asked.to ?? 4_000_000_000),
    },
    logstoreName: 'web',
    table: asked.table ?? (await engine.store.table(AbortSignal.timeout(20_000))),
    timeZone: asked.timeZone ?? 'UTC',
  });
}
