/** What a worker tells of the logs it has looked at; all of it as JSON, and no object with keys from outside. */
import type { KeysReport } from '../model/keys-report.js';
import type { ValueType } from './value-type.js';

export interface WatchReport {
  readonly logstores: readonly LogstoreReport[];
  readonly keys: readonly KeysReport[];
  /** Of which revision the worker has the keys, for each logstore. */
  readonly revisions: readonly (readonly [logstoreId: number, revision: number])[];
}

export interface WatchAnswer {
  /** Notices that nobody has acknowledged and that are not over, of all logstores. */
  readonly openNotices: number;
  /** All keys of the logstores of which the worker has not the last revision. */
  readonly known: readonly KnownKeysOf[];
}

/** The revision of a logstore of which nothing is known any more. */
export const GONE = 0;

export interface KnownKeysOf {
  readonly logstoreId: number;
  readonly revision: number;
  readonly keys: readonly string[];
}

export interface LogstoreReport {
  readonly logstoreId: number;
  /** How many logs were looked at. */
  readonly logs: number;
  /** What cells refer to, by their place. Empty names stand for logs that name none. */
  readonly origins: readonly string[];
  readonly versions: readonly string[];
  readonly fields: readonly FieldReport[];
}

export interface FieldReport {
  readonly key: string;
  readonly cells: readonly Cell[];
}

/** So many values of a type came from an origin and a version. */
export interface Cell {
  readonly type: ValueType;
  /** -1 if there are too many to tell them apart. */
  readonly origin: number;
  readonly version: number;
  readonly count: number;
}
