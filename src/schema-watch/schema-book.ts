/** What the keeper of all schemas offers the workers; all of it as JSON. */
import type { SchemaInfo } from '../api/schema.js';
import type { LogstoreReport } from './report.js';
import type { StoredNotice } from './stored-schema.js';

export interface SchemaBook {
  /** Adds what a worker has seen since it told last. */
  reportSchema(reports: readonly LogstoreReport[]): Promise<ReportAnswer>;
  readSchema(logstoreId: number): Promise<Omit<SchemaInfo, 'project' | 'logstore'>>;
  /** Of these logstores; newest first. */
  listNotices(logstoreIds: readonly number[]): Promise<readonly LogstoreNotice[]>;
  /** Of all notices of the logstore without ids. Resolves when it is on stable storage. */
  acknowledgeNotices(argument: Acknowledgement): Promise<void>;
  /** The watch begins anew. Resolves when it is on stable storage. */
  forgetSchema(logstoreId: number): Promise<void>;
}

export interface ReportAnswer {
  /** Notices that nobody has acknowledged and that are not over, of all logstores. */
  readonly openNotices: number;
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
