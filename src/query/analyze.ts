/** SQL behind a search: compiled, run, and printed. */
import { type AnalyticsColumn, compileAnalytics } from './analytics/compile.js';
import type { Inquiry } from './inquiry.js';
import type { Selection } from './selection.js';

export interface Analysis {
  /** The whole query, and where the SQL begins in it. */
  readonly text: string;
  readonly at: number;
  readonly selection: Selection;
  readonly logstoreName: string;
  /** An IANA name. */
  readonly timeZone: string;
}

export interface Analyzed {
  readonly columns: readonly AnalyticsColumn[];
  /** The values of each row in the order of the columns, as text. */
  readonly rows: readonly (readonly string[])[];
  /** Rows it could have at most. */
  readonly limit: number;
}

/** Throws AnalyticsError, QueryRefused, and what the store throws. */
export async function analyze(inquiry: Inquiry, analysis: Analysis): Promise<Analyzed> {
  const compiled = compileAnalytics({ ...analysis, table: await inquiry.table() });
  const { rows } = await inquiry.ask<Readonly<Record<string, unknown>>>(() => compiled.statement);
  return { columns: compiled.columns, rows: rows.map(compiled.readRow), limit: compiled.limit };
}
