/** The nouns an operator names: projects, logstores and access keys. */

export interface Project {
  readonly name: string;
  readonly description: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface Logstore {
  /** Numeric and never used again: a deleted and re-created logstore of the same name has another id. */
  readonly id: number;
  readonly project: string;
  readonly name: string;
  /** Web tracking: whether anyone may write to it without a signature. */
  readonly webTracking: boolean;
  /** Retention in days, 1 to 65535 (a UInt16 in the store); logs older than this are deleted. */
  readonly ttlDays: number;
  /** Adds the tags `__client_ip__` and `__receive_time__` to every log group. */
  readonly appendMeta: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** Unix seconds. */
  readonly createdAt: number;
}
