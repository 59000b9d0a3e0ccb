/** What a worker tells of the logs it has looked at; all of it as JSON, and no object with keys from outside. */
import type { ValueType } from './value-type.js';

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
