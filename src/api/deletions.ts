/**
 * Deleting logs for good over the admin API: those of one logstore that a search finds.
 *
 *   POST   /api/v1/projects/:project/logstores/:logstore/deletions/preview    DeletionRequest → DeletionPreview
 *   POST   /api/v1/projects/:project/logstores/:logstore/deletions            DeletionRequest → 201, Deletion
 *   GET    /api/v1/projects/:project/logstores/:logstore/deletions            → DeletionList
 *   GET    /api/v1/projects/:project/logstores/:logstore/deletions/:deletion  → Deletion
 *   DELETE /api/v1/projects/:project/logstores/:logstore/deletions/:deletion  → Deletion: cancelled
 *
 * What is deleted, when, and what is not: docs/privacy.md
 */
import type { LogEntry } from './query.js';

export interface DeletionRequest {
  /** A search, without SQL. One that finds every log is refused unless `everything` is true. */
  readonly query: string;
  /** Unix seconds, fractions allowed; `from` is in the range, `to` is not. */
  readonly from: number;
  readonly to: number;
  readonly everything?: boolean | undefined;
  /** Why, for the list: the number of a ticket. It is kept; nothing that names a person belongs here. */
  readonly reference?: string | undefined;
}

export interface DeletionPreview {
  /** Counted; a job begun now would delete these, and those of the last seconds that cannot be searched yet. */
  readonly logs: number;
  /** The newest few of them. */
  readonly samples: readonly LogEntry[];
}

/**
 * `waiting` until the spool has let go of everything that was acknowledged before (`spoolHoldAge`); until then it can be
 * cancelled. `choosing` notes which logs are meant, `deleting` writes the store's files anew without them, `purging` waits until
 * the old files are gone.
 */
export type DeletionState = 'waiting' | 'choosing' | 'deleting' | 'purging' | 'done' | 'cancelled' | 'failed';

export interface Deletion {
  readonly id: string;
  readonly project: string;
  readonly logstore: string;
  readonly state: DeletionState;
  /** The search. Null as soon as it is known which logs are meant, or that none will be deleted: it may name a person. */
  readonly query: string | null;
  readonly from: number;
  readonly to: number;
  readonly reference: string;
  /** Whose access key began it. */
  readonly accessKeyId: string;
  /** Unix seconds. What was acknowledged before the request is meant, and nothing that came after this. */
  readonly createdAt: number;
  /** Unix seconds; null until then. */
  readonly finishedAt: number | null;
  /** How many logs are meant; null until that is known. They are deleted when the state is `purging` or later. */
  readonly logs: number | null;
  /** Of these, those that are deleted by now. */
  readonly deletedLogs: number;
  /** Why it does not go on at present, or has failed; null if all is well. */
  readonly problem: string | null;
  /** Files beside the store and the spool that nobody can search, and that may hold such logs: set aside or damaged. */
  readonly unsearched: readonly string[];
}

export interface DeletionList {
  /** Newest first; finished ones are kept for a year. */
  readonly deletions: readonly Deletion[];
}
