/**
 * Requests of web tracking that were refused, and why, over the admin API. Each worker keeps some of each reason, the newest
 * ones, in memory; a restart forgets them. Counts are of all.
 *
 *   GET /api/v1/refusals                                             RefusalList
 *   GET /api/v1/projects/:project/refusals                           RefusalList
 *   GET /api/v1/projects/:project/logstores/:logstore/refusals       RefusalList
 *   GET /api/v1/refusals/:requestId                                  RefusalInfo
 *   GET /api/v1/refusal-counts                                       RefusalCounts
 *   GET /api/v1/projects/:project/refusal-counts                     RefusalCounts
 *   GET /api/v1/projects/:project/logstores/:logstore/refusal-counts RefusalCounts
 *
 * Lists take the parameters `limit` (100 if absent, 1000 at most), `reason` and `requestId`; counts take `step`, which is
 * `minute` (the last hour) or `hour` (the last two days).
 */

export interface RefusalInfo {
  /** The `x-log-requestid` of the answer. */
  readonly requestId: string;
  /** Unix seconds, with milliseconds. */
  readonly time: number;
  /** False for what was accepted, as the origins of the logstore are only reported. */
  readonly wasRefused: boolean;
  /** A case of docs/errors.md, or `OriginReported`. */
  readonly reason: string;
  /** What was answered or, if it was not refused, would have been. */
  readonly status: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  /** What exactly is wrong, for people; null if the reason says it. */
  readonly detail: string | null;
  /** The byte at fault, counted in the body once it is decompressed, or in the JSON that was made of a GET. */
  readonly offset: number | null;
  /** The header at fault. */
  readonly field: string | null;
  /** How to mend it, in a sentence. */
  readonly advice: string;
  /** As the request names them; they need not exist. Empty if it names none. */
  readonly project: string;
  readonly logstore: string;
  readonly method: string;
  /** With its query, secrets masked, cut. */
  readonly path: string;
  /** The page: of Origin or, if there is none, of Referer. Null if there is neither. */
  readonly origin: string | null;
  /** As much of it as the logstore keeps (`clientAddress`); null if that is nothing. */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Which SDK or program it looks like. */
  readonly client: string;
  /** Null if nothing of it was read. */
  readonly body: RefusedBody | null;
}

export interface RefusedBody {
  /** Of the body as far as it was read, decompressed if it could be. */
  readonly bytes: number;
  /** Secrets masked. Of what is no text, hexadecimal digits. */
  readonly start: string;
  readonly isText: boolean;
}

export interface RefusalList {
  /** Newest first. */
  readonly refusals: readonly RefusalInfo[];
  /** Nodes of the cluster that did not answer: what they refused is not in here. */
  readonly missingNodes: readonly string[];
}

export interface RefusalCounts {
  readonly stepSeconds: number;
  /** Oldest first; without those in which nothing was refused. */
  readonly steps: readonly RefusalStep[];
  /** Nodes of the cluster that did not answer: what they refused is not in here. */
  readonly missingNodes: readonly string[];
}

export interface RefusalStep {
  /** When it begins, in Unix seconds. */
  readonly time: number;
  readonly count: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** The pages with the most; `none` for requests that name none. */
  readonly byOrigin: Readonly<Record<string, number>>;
  /** All other pages together. */
  readonly otherOrigins: number;
}
