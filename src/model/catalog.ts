/** The nouns an operator names: projects, logstores and access keys. */
import type { Role } from './access-key.js';
import type { IndexConfig } from './index-config.js';
import type { Quarantine } from './quarantine.js';
import type { WriteQuota, WriteRules } from './write-rules.js';

export interface Project {
  readonly name: string;
  readonly description: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds; of the project itself, not of what is in it. */
  readonly updatedAt: number;
  /** Of anonymous writing to all its logstores together. */
  readonly quota: WriteQuota;
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
  /** What its logs may take in the store, its quarantine apart, in bytes; the oldest are deleted beyond it. 0 for no limit. */
  readonly maxBytes: number;
  /** Adds the tags `__client_ip__` and `__receive_time__` to every log group. */
  readonly appendMeta: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds; of its settings and its index. */
  readonly updatedAt: number;
  /** Settings of the SLS API that have no effect here, by their names there: kept for the clients that read them back. */
  readonly extras: Readonly<Record<string, unknown>>;
  readonly index: LogstoreIndex | null;
  readonly writeRules: WriteRules;
  /** Null if it has never had one. */
  readonly quarantine: Quarantine | null;
}

export interface LogstoreIndex {
  readonly config: IndexConfig;
  /** Unix seconds. */
  readonly updatedAt: number;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** What its holder may do; at least one. */
  readonly roles: readonly Role[];
  /** The projects it is good for, by name; null for all, those to come included. */
  readonly projects: readonly string[] | null;
  readonly isEnabled: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
}
