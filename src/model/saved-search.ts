/** A search that was given a name, to be run again by anyone who may read its project. */

export interface SavedSearch {
  /** Of its project. */
  readonly id: string;
  readonly project: string;
  /** For people. */
  readonly name: string;
  readonly logstore: string;
  readonly query: string;
  /** As the console's address has them: `now-1h`, or ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** How its answer is shown; null for whatever suits it. */
  readonly chart: SavedChart | null;
  /** Values for the `$name`s of the query until another one is given, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** The dashboard it stands on; null for none. A dashboard is the saved searches of a project that name it. */
  readonly dashboard: string | null;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const SAVED_CHARTS = ['line', 'bar', 'pie', 'number', 'table'] as const;
export type SavedChart = (typeof SAVED_CHARTS)[number];

/** Of one project: the whole catalog is in memory, and every worker has it. */
export const SAVED_SEARCHES_MAX = 500;

/** In characters. Longer queries are no queries (docs/query-language.md). */
export const SAVED_NAME_LENGTH_MAX = 200;
export const SAVED_QUERY_LENGTH_MAX = 16_384;
export const SAVED_VALUE_LENGTH_MAX = 1000;

/** In one search; a form with more is no form. */
export const SAVED_VARIABLES_MAX = 20;
