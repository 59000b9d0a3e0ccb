/** Asking for logs over the admin API, as its clients see it. How it behaves is told in docs/query-language.md. */

/** Body of `POST /api/v1/projects/:project/logstores/:logstore/query`; the answer is NDJSON, a log a line. */
export interface QueryRequest {
  /** A search; absent or empty means every log. */
  readonly query?: string | undefined;
  /** Unix seconds, fractions allowed; `from` is in the range, `to` is not. */
  readonly from: number;
  readonly to: number;
  /** Logs in the answer; 100 if absent. */
  readonly limit?: number | undefined;
  /** `newestFirst` if absent. */
  readonly order?: 'newestFirst' | 'oldestFirst' | undefined;
}

/** One log, in this order: `__time__` (Unix seconds), `__topic__`, `__source__`, `__tag__:name`…, its fields. */
export type LogObject = Readonly<Record<string, string>>;

/**
 * Events of `GET /api/v1/projects/:project/logstores/:logstore/tail?query=`, by name. The id of an event, sent as
 * `Last-Event-ID` with the next request, continues behind it.
 */
export interface TailEvents {
  readonly log: LogObject;
  /** More logs arrive than are fetched: so many log groups are still to be looked through. Nothing is left out. */
  readonly behind: { readonly logGroups: number };
  /** Ends the stream. It can be continued from the last id, unless `errorCode` says otherwise. */
  readonly error: { readonly errorCode: string; readonly errorMessage: string };
}
