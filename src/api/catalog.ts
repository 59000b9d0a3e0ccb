/**
 * Projects and logstores over the admin API.
 *
 *   GET    /api/v1/projects                               ProjectList
 *   POST   /api/v1/projects                               CreateProject → 201 ProjectInfo
 *   GET    /api/v1/projects/:project                      ProjectInfo
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

export interface LogstoreInfo {
  /** Of another value if a logstore of the same name is created again. */
  readonly id: number;
  readonly project: string;
  readonly name: string;
  /** Whether anyone may write to it without a key. */
  readonly webTracking: boolean;
  /** Logs are deleted after so many days. */
  readonly ttlDays: number;
  /** Whether log groups get the tags `__client_ip__` and `__receive_time__`. */
  readonly appendMeta: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
}

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
  /** False if absent. */
  readonly appendMeta?: boolean | undefined;
}

/** What is absent stays as it is. */
export interface UpdateLogstore {
  readonly webTracking?: boolean | undefined;
  readonly ttlDays?: number | undefined;
  readonly appendMeta?: boolean | undefined;
}
