/**
 * Projects and logstores over the admin API.
 *
 *   GET    /api/v1/projects                               ProjectList
 *   POST   /api/v1/projects                               CreateProject → 201 ProjectInfo
 *   GET    /api/v1/projects/:project                      ProjectInfo
 *   PUT    /api/v1/projects/:project                      UpdateProject → ProjectInfo
 *   DELETE /api/v1/projects/:project                      with its logstores and their logs → 200, empty
 *   GET    /api/v1/projects/:project/logstores            LogstoreList
 *   POST   /api/v1/projects/:project/logstores            CreateLogstore → 201 LogstoreInfo
 *   GET    /api/v1/projects/:project/logstores/:logstore  LogstoreInfo
 *   PUT    /api/v1/projects/:project/logstores/:logstore  UpdateLogstore → LogstoreInfo
 *   DELETE /api/v1/projects/:project/logstores/:logstore  with its logs → 200, empty
 *
 * Every request carries `Authorization: Bearer {accessKeyId}:{accessKeySecret}`. An answer other than 2xx is an
 * ErrorAnswer (error.ts).
 */

export interface ProjectInfo {
  readonly name: string;
  readonly description: string;
  /** Of writing without a key, to all its logstores together. */
  readonly quota: WriteQuota;
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface ProjectList {
  /** By name. */
  readonly projects: readonly ProjectInfo[];
}

export interface CreateProject {
  readonly name: string;
  /** Empty if absent. */
  readonly description?: string | undefined;
}

/** What is absent stays as it is. */
export interface UpdateProject {
  readonly description?: string | undefined;
  readonly quota?: ChangeOf<WriteQuota> | undefined;
}

export interface LogstoreInfo {
  /** Of another value if a logstore of the same name is created again. */
  readonly id: number;
  readonly project: string;
  readonly name: string;
  /** Whether anyone may write to it without a key. */
  readonly webTracking: boolean;
  /** Logs are deleted after so many days. */
  readonly ttlDays: number;
  /**
   * What its logs may take in the store, compressed, in bytes; beyond it the oldest are deleted. An estimate, and nothing of the
   * last hour goes: docs/privacy.md. 0 is no limit.
   */
  readonly maxBytes: number;
  /** Whether log groups get the tags `__client_ip__` and `__receive_time__`. */
  readonly appendMeta: boolean;
  readonly origins: OriginPolicy;
  readonly quota: WriteQuota;
  readonly clientAddress: AddressPrivacy;
  readonly pathAliases: PathAliases;
  readonly quarantine: QuarantineSettings;
  /** Different keys there may be; further ones go into the field `__overflow__`. 0 is no limit. docs/schema-watch.md */
  readonly keysMax: number;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** What happens to logs of web tracking that cannot be taken as they are: quarantine.ts. */
export interface QuarantineSettings {
  /** If not, a request with such a log is refused whole. */
  readonly isOn: boolean;
  /** Logs in quarantine are deleted after so many days. */
  readonly ttlDays: number;
}

/** From which web pages may be written without a key. docs/security.md says what this stops, and what not. */
export interface OriginPolicy {
  /** `report` accepts all the same, and records what `enforce` would refuse. */
  readonly mode: 'off' | 'report' | 'enforce';
  /** Patterns: `https://shop.example.com`, `https://*.example.com`, `example.com`, `http://localhost:*`, `null`. */
  readonly allowed: readonly string[];
  /** What to do with requests that name neither Origin nor Referer, as apps and servers send them. */
  readonly withoutOrigin: 'accept' | 'refuse';
}

/** Of writing without a key, by each worker. 0 is no limit; null is what the service's configuration says for all. */
export interface WriteQuota {
  readonly requestsPerSecond: number | null;
  readonly bytesPerSecond: number | null;
}

/** How much of a client's address is kept: all, its network (/24, /48), a name for it that changes each day, or nothing. */
export type AddressPrivacy = 'whole' | 'network' | 'pseudonym' | 'none';

/**
 * Paths under which pages write to this logstore at the project's own host: `/collect`, `/a/b.gif`. At most 16, each of at
 * most 200 characters, and of one logstore of the project. docs/first-party.md
 */
export type PathAliases = readonly string[];

export interface LogstoreList {
  /** By name. */
  readonly logstores: readonly LogstoreInfo[];
}

export interface CreateLogstore {
  readonly name: string;
  /** False if absent. */
  readonly webTracking?: boolean | undefined;
  /** 1 to 3650; 30 if absent. */
  readonly ttlDays?: number | undefined;
  /** 0 if absent; otherwise 1 MiB at least. */
  readonly maxBytes?: number | undefined;
  /** False if absent. */
  readonly appendMeta?: boolean | undefined;
  /** Mode `off` if absent; what of it is absent is `off`, none and `refuse`. */
  readonly origins?: ChangeOf<OriginPolicy> | undefined;
  /** Null for both if absent. */
  readonly quota?: ChangeOf<WriteQuota> | undefined;
  /** `whole` if absent. */
  readonly clientAddress?: AddressPrivacy | undefined;
  /** None if absent. */
  readonly pathAliases?: PathAliases | undefined;
  /** Off and 7 days if absent. */
  readonly quarantine?: ChangeOf<QuarantineSettings> | undefined;
  /** 0 to 5000; 2000 if absent. */
  readonly keysMax?: number | undefined;
}

/** What is absent stays as it is. */
export interface UpdateLogstore {
  readonly webTracking?: boolean | undefined;
  readonly ttlDays?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly appendMeta?: boolean | undefined;
  readonly origins?: ChangeOf<OriginPolicy> | undefined;
  readonly quota?: ChangeOf<WriteQuota> | undefined;
  readonly clientAddress?: AddressPrivacy | undefined;
  readonly pathAliases?: PathAliases | undefined;
  readonly quarantine?: ChangeOf<QuarantineSettings> | undefined;
  readonly keysMax?: number | undefined;
}

/** What is absent stays as it is. */
export type ChangeOf<T> = { readonly [Key in keyof T]?: T[Key] | undefined };
