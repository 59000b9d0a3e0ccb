/** What the keeper of all schemas offers the workers; all of it as JSON. */
import type { SchemaInfo } from '../api/schema.js';
import type { WatchAnswer, WatchReport } from './report.js';
import type { StoredNotice } from './stored-schema.js';

export interface SchemaBook {
  /** Adds what a worker has seen since it told last. */
  reportSchema(report: WatchReport): Promise<WatchAnswer>;
  readSchema(logstoreId: number): Promise<Omit<SchemaInfo, 'project' | 'logstore' | 'keysMax'>>;
  /** Of these logstores; newest first. */
  listNotices(logstoreIds: readonly number[]): Promise<readonly LogstoreNotice[]>;
  /** Of all notices of the logstore without ids. Resolves when it is on stable storage. */
  acknowledgeNotices(argument: Acknowledgement): Promise<void>;
  /** The watch begins anew. Resolves when it is on stable storage. */
  forgetSchema(logstoreId: number): Promise<void>;
}

export interface LogstoreNotice {
  readonly logstoreId: number;
  readonly notice: StoredNotice;
}

export interface Acknowledgement {
  readonly logstoreId: number;
  readonly isAcknowledged: boolean;
  readonly ids?: readonly number[] | undefined;
}
