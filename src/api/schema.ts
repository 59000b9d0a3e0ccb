/**
 * What the fields of a logstore look like, and what has changed about them, over the admin API. It is watched on a sample of the
 * log groups as they arrive: docs/schema-watch.md.
 *
 *   GET    /api/v1/projects/:project/logstores/:logstore/schema               SchemaInfo
 *   DELETE /api/v1/projects/:project/logstores/:logstore/schema               forgets fields, keys and notices → 200, empty
 *   GET    /api/v1/projects/:project/logstores/:logstore/schema/notices       NoticeList
 *   PUT    /api/v1/projects/:project/logstores/:logstore/schema/notices       AcknowledgeNotices → NoticeList
 *   GET    /api/v1/projects/:project/schema/notices                           NoticeList
 *   GET    /api/v1/schema/notices                                             NoticeList
 */

/** `id`: long and without spaces, as UUIDs, hashes and tokens are. `mixed`: no type has four values of five. */
export type FieldType =
  | 'integer'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'url'
  | 'id'
  | 'json'
  | 'text'
  | 'empty'
  | 'mixed';

export interface SchemaInfo {
  readonly project: string;
  readonly logstore: string;
  /** When the watch began, in Unix seconds; null if it has seen no log yet. */
  readonly since: number | null;
  /** Logs that were looked at since then. */
  readonly sampledLogs: number;
  /** Different keys that were let in, also those that no log had that was looked at. */
  readonly keys: number;
  /** How many there may be; 0 for no limit. */
  readonly keysMax: number;
  /** The most frequent first. */
  readonly fields: readonly SchemaField[];
  /** Whether there are more fields than could be listed. */
  readonly isCut: boolean;
}

export interface SchemaField {
  /** As searches name it; a tag is `__tag__:name`. */
  readonly name: string;
  readonly type: FieldType;
  /** The types its recent values have, 0 to 1, the most frequent first. */
  readonly types: readonly TypeShare[];
  /** How many of the recent logs have it, 0 to 1. Recent are some ten hours, if logs are frequent. */
  readonly share: number;
  /** Unix seconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The pages that send it, the most frequent first. Null stands for requests that name none. */
  readonly origins: readonly NameShare[];
  /** The versions of apps that send it, the newest first. Null stands for logs that name none. */
  readonly versions: readonly NameShare[];
}

export interface TypeShare {
  readonly type: FieldType;
  readonly share: number;
}

export interface NameShare {
  readonly name: string | null;
  /** Of the recent logs with the field, 0 to 1. */
  readonly share: number;
}

export type NoticeKind = 'typeChanged' | 'fieldVanished' | 'manyNewKeys' | 'keysOverCap';

export interface SchemaNotice {
  /** Names it within its logstore. */
  readonly id: number;
  readonly project: string;
  readonly logstore: string;
  readonly kind: NoticeKind;
  /** When it began, in Unix seconds. */
  readonly time: number;
  /** Null where it is about the logstore. */
  readonly field: string | null;
  /** What was and what is: types, shares in percent, or counts of keys. */
  readonly from: string;
  readonly to: string;
  /** The page and the version of the app that most of the changed logs name; null if none does. */
  readonly origin: string | null;
  readonly version: string | null;
  /** What it means, in a sentence. */
  readonly text: string;
  /** How often it has begun: what comes and goes is told once. */
  readonly times: number;
  /** When it was over, in Unix seconds; null if it is not. */
  readonly endedAt: number | null;
  readonly isAcknowledged: boolean;
}

export interface NoticeList {
  /** Newest first. */
  readonly notices: readonly SchemaNotice[];
}

/** Body of `PUT …/schema/notices`. */
export interface AcknowledgeNotices {
  readonly isAcknowledged: boolean;
  /** All of the logstore's if absent. */
  readonly ids?: readonly number[] | undefined;
}
