/**
 * Searches that were given a name, and the dashboards they stand on.
 *
 *   GET    /api/v1/projects/:project/saved-searches           SavedSearchList, with a key that may read
 *   POST   /api/v1/projects/:project/saved-searches           SavedSearchBody → 201 SavedSearchInfo, with one that may manage
 *   PUT    /api/v1/projects/:project/saved-searches/:search   SavedSearchBody → SavedSearchInfo
 *   DELETE /api/v1/projects/:project/saved-searches/:search   → 200, empty
 */

export interface SavedSearchBody {
  /** For people. */
  readonly name: string;
  readonly logstore: string;
  readonly query: string;
  /** `now-1h`, or ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Null for whatever suits the answer. */
  readonly chart: 'line' | 'bar' | 'pie' | 'number' | 'table' | null;
  /**
   * Values for the `$name`s of the query until whoever opens it gives another one, by name; none if absent. The service keeps them,
   * the console puts them in (docs/console.md).
   */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** The dashboard it stands on; null for none. */
  readonly dashboard: string | null;
}

export interface SavedSearchInfo extends SavedSearchBody {
  readonly variables: Readonly<Record<string, string>>;
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SavedSearchList {
  /** By name. */
  readonly savedSearches: readonly SavedSearchInfo[];
}
