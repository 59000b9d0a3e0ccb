/**
 * Asking for logs over the admin API, as its clients see it. What the calls do is told in docs/query-api.md. All of them are
 * below `/api/v1/projects/:project/logstores/:logstore`.
 */

/** Which logs. */
export interface QuerySelection {
  /** A search; absent or empty means every log. */
  readonly query?: string | undefined;
  /** Unix seconds, fractions allowed; `from` is in the range, `to` is not. */
  readonly from: number;
  readonly to: number;
}

export type QueryOrder = 'newestFirst' | 'oldestFirst';

/**
 * Body of `POST …/query`. The answer is NDJSON, a `LogObject` a line, or with `Accept: application/json` a `LogsAnswer`. With SQL
 * behind the search, lines are objects of text by column, the other answer is a `RowsAnswer`, and what follows `to` has no effect.
 */
export interface QueryRequest extends QuerySelection {
  /** Logs in the answer; 100 if absent. */
  readonly limit?: number | undefined;
  /** `newestFirst` if absent. */
  readonly order?: QueryOrder | undefined;
  /** Begins behind the log of this id, in the order: `meta.next` of the answer before. */
  readonly after?: string | null | undefined;
}

/** One log, in this order: `__time__` (Unix seconds), `__topic__`, `__source__`, `__tag__:name`…, its fields. */
export type LogObject = Readonly<Record<string, string>>;

export interface LogEntry {
  /** Names the log for ever. */
  readonly id: string;
  /** Unix nanoseconds. */
  readonly timeNs: string;
  readonly log: LogObject;
}

/** What an answer cost, and whether it is all there is to say. */
export interface QueryMeta {
  /** `Incomplete`: the time was used up, and the answer is about a part of the range alone. */
  readonly progress: 'Complete' | 'Incomplete';
  /** Of an incomplete one, how far it goes, in Unix seconds: what is beyond, in the order, was not looked at. */
  readonly reached?: number;
  /** Rows and uncompressed bytes that the store looked at. */
  readonly scannedRows: number;
  readonly scannedBytes: number;
  readonly elapsedMs: number;
  /** With `?freshness=on`. */
  readonly freshness?: Freshness;
}

/** What was acknowledged before the question was asked, and is not in the answer. Nothing of it is lost. */
export interface Freshness {
  /** Log groups of the logstore that are not loaded yet, at most. */
  readonly waitingGroups: number;
  /** Shards that may have more of them: their worker or node is out of reach. */
  readonly missingShards: readonly number[];
}

export interface LogsAnswer {
  readonly meta: QueryMeta & {
    readonly count: number;
    /** For `after` of the next request; null where there is nothing more. */
    readonly next: string | null;
  };
  readonly logs: readonly LogEntry[];
}

export interface RowsAnswer {
  readonly meta: QueryMeta & {
    readonly count: number;
    /** Rows that there can be at most: LIMIT, or 100 without one. */
    readonly limit: number;
    /** `type` as Presto names it. */
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  };
  /** The values of each row, in the order of the columns, printed; NULL is `null`. */
  readonly rows: readonly (readonly string[])[];
}

/** Body of `POST …/histogram`. SQL behind the search has no effect here and below. */
export interface HistogramRequest extends QuerySelection {
  /** At most so many, of a usual width; 60 if absent. */
  readonly buckets?: number | undefined;
  /** Instead of a usual width. */
  readonly widthSeconds?: number | undefined;
  /** A name whose most frequent values are counted apart. */
  readonly by?: string | undefined;
  /** How many of them; 5 if absent. */
  readonly top?: number | undefined;
}

export interface HistogramAnswer {
  readonly meta: QueryMeta & { readonly count: number; readonly widthSeconds: number };
  /** The whole range without a gap; `to` is where the next one begins. Those before `meta.reached` are not counted: 0. */
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  /** With `by`, in a complete answer: the most frequent value first; last, under null, all that is none of these. */
  readonly series?: readonly {
    readonly value: string | null;
    readonly count: number;
    /** Bucket by bucket. */
    readonly counts: readonly number[];
  }[];
}

/** Body of `POST …/facets`. */
export interface FacetsRequest extends QuerySelection {
  /** `__topic__`, `__source__`, `__tag__:name` or a field's name. */
  readonly fields: readonly string[];
  /** Values for each; 10 if absent. */
  readonly top?: number | undefined;
}

export interface FacetsAnswer {
  readonly meta: QueryMeta;
  readonly facets: readonly {
    readonly field: string;
    /** How many logs have it. */
    readonly logs: number;
    readonly distinct: number;
    /** The most frequent first. */
    readonly values: readonly { readonly value: string; readonly count: number }[];
  }[];
}

/** Body of `POST …/fields`. */
export interface FieldsRequest extends QuerySelection {
  /** How many of the newest logs are looked at; 10,000 if absent. */
  readonly sample?: number | undefined;
}

export interface FieldsAnswer {
  readonly meta: QueryMeta & {
    readonly sampledLogs: number;
    /** Whether there are more logs than were looked at. */
    readonly isSampled: boolean;
  };
  /** The most frequent first. */
  readonly fields: readonly {
    readonly name: string;
    readonly logs: number;
    /** Of the logs looked at, 0 to 1. */
    readonly share: number;
    /** What all its values look like. */
    readonly type: 'long' | 'double' | 'json' | 'text';
    readonly example: string;
  }[];
}

/** Body of `POST …/context`. */
export interface ContextRequest {
  readonly id: string;
  /** Older and newer logs; 20 each if absent. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  /** Names that must say the same as in this log, such as `__source__` or a session's. */
  readonly same?: readonly string[] | undefined;
}

export interface ContextAnswer {
  readonly meta: QueryMeta;
  /** Both in the order of time. */
  readonly before: readonly LogEntry[];
  readonly log: LogEntry;
  readonly after: readonly LogEntry[];
}

/** Answer of `GET …/logs/:id`. */
export interface LogAnswer {
  readonly meta: QueryMeta;
  readonly log: LogEntry;
}

/**
 * Events of `GET …/tail?query=`, by name. With `entries=on` there is an `entry` in place of each `log`. The id of an event, sent as `Last-Event-ID` with the next request, continues behind
 * it.
 */
export interface TailEvents {
  readonly log: LogObject;
  readonly entry: LogEntry;
  /** More logs match than anyone could read: so many were left out since the last event of this kind. */
  readonly leftOut: { readonly logs: number };
  /** More logs arrive than are fetched: so many log groups are still to be looked through. Nothing is left out by that. */
  readonly behind: { readonly logGroups: number };
  /** Their node or worker is away: their logs come when it is back, none is left out. Empty when none is missing any more. */
  readonly missing: { readonly shards: readonly number[] };
  /** Ends the stream. It can be continued from the last id, unless `errorCode` says otherwise. */
  readonly error: { readonly errorCode: string; readonly errorMessage: string };
}
