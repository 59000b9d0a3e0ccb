/**
 * The index of a logstore over the admin API: which fields can be searched and as what. What it changes is told in
 * docs/query-language.md, *With an index*.
 *
 *   GET    /api/v1/projects/:project/logstores/:logstore/index   LogstoreIndexInfo
 *   PUT    /api/v1/projects/:project/logstores/:logstore/index   IndexConfig, in place of the old one → LogstoreIndexInfo
 *   DELETE /api/v1/projects/:project/logstores/:logstore/index   → 200, empty
 */
import type { IndexConfig } from '../model/index-config.js';

export type { IndexConfig, KeyIndex, LineIndex } from '../model/index-config.js';

export interface LogstoreIndexInfo {
  /** Null without one: then everything can be searched, by the default rules. */
  readonly config: IndexConfig | null;
  /** Unix seconds; null without one. */
  readonly updatedAt: number | null;
  /** What separates words in a text field whose index does not say. */
  readonly defaultToken: readonly string[];
}
