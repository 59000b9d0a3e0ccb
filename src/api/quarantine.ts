/**
 * The quarantine of a logstore: logs of web tracking that could not be taken as they were. docs/quarantine.md
 *
 *   GET    …/quarantine                                                    QuarantineStatus
 *   GET    …/quarantine/logs?from=&to=&query=&state=&limit=&after=         QuarantinedLogList
 *   DELETE …/quarantine/logs                                               all that is in it → 200, empty
 *   POST   …/quarantine/preview                                            PreviewRequest → PreviewAnswer
 *   GET    …/quarantine/replays                                            ReplayList
 *   POST   …/quarantine/replays                                            ReplayRequest → 201 ReplayInfo
 *   GET    …/quarantine/replays/:replay                                    ReplayInfo
 *   DELETE …/quarantine/replays/:replay                                    ends it → ReplayInfo
 *
 * `…` is `/api/v1/projects/:project/logstores/:logstore`. To look takes the role `read`, to change anything `manage`.
 */

export interface QuarantineStatus {
  readonly isOn: boolean;
  readonly ttlDays: number;
  /** Where the logs are, for searches; null if it has never been on. */
  readonly logstore: string | null;
  /** Logs that wait, by reason, the most frequent first. */
  readonly waiting: readonly { readonly reason: string; readonly logs: number }[];
  /** When the oldest of them was received, in Unix seconds; null if none waits. */
  readonly oldestTime: number | null;
  /** Logs that were replayed or dropped, as long as they are kept. */
  readonly settledLogs: number;
  /** The one that is running, if any. */
  readonly replay: ReplayInfo | null;
}

export interface QuarantinedLogInfo {
  /** Names it for ever, in the form of ids of logs. */
  readonly id: string;
  /** When it was received, in Unix seconds. */
  readonly time: number;
  readonly topic: string;
  readonly source: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The JSON text that was sent; if `isCut` its beginning. */
  readonly text: string;
  readonly isCut: boolean;
  /** Of the whole text. */
  readonly textBytes: number;
  readonly reason: string;
  /** The same in words. */
  readonly detail: string;
  /** The key at fault; null if it is not a single one. */
  readonly field: string | null;
  /** The byte at fault, counted in the body, and the place of the log in its batch, from 0. */
  readonly offset: number;
  readonly index: number;
  readonly requestId: string;
  readonly origin: string | null;
  readonly client: string;
}

export interface QuarantinedLogList {
  /** Newest first. */
  readonly logs: readonly QuarantinedLogInfo[];
  /** For `after`; null if there are no more. */
  readonly next: string | null;
}

/** One step of a rule; they are done one after the other. */
export type RuleStep =
  | { readonly do: 'dropField'; readonly field: string }
  | { readonly do: 'rename'; readonly field: string; readonly to: string }
  /** What is no text becomes the text of its JSON. All fields if none is named. */
  | { readonly do: 'cast'; readonly field?: string | undefined }
  /** All fields if none is named. */
  | { readonly do: 'cut'; readonly field?: string | undefined; readonly bytes: number }
  /** What is no object becomes the only field of one. */
  | { readonly do: 'wrap'; readonly field: string }
  | { readonly do: 'dropLog' };

/** Which logs: those that wait, were received in the range and match. */
export interface QuarantineSelection {
  /** A search over the fields of quarantined logs; absent or empty means all. */
  readonly query?: string | undefined;
  /** Unix seconds, fractions allowed; `from` is in the range, `to` is not. */
  readonly from: number;
  readonly to: number;
}

export interface PreviewRequest extends QuarantineSelection {
  readonly rule: readonly RuleStep[];
  /** 1 to 100; 20 if absent. The newest ones are taken. */
  readonly limit?: number | undefined;
}

export interface PreviewAnswer {
  readonly logs: readonly PreviewedLog[];
  /** How many of them. */
  readonly good: number;
  readonly dropped: number;
  readonly stillBad: number;
}

export interface PreviewedLog {
  readonly before: QuarantinedLogInfo;
  readonly outcome: 'good' | 'dropped' | 'bad';
  /** The fields that would be stored; null unless it is good. */
  readonly after: Readonly<Record<string, string>> | null;
  /** Why it would still be bad; null unless it is. */
  readonly fault: { readonly reason: string; readonly detail: string; readonly field: string | null } | null;
}

export interface ReplayRequest extends QuarantineSelection {
  readonly rule: readonly RuleStep[];
}

export interface ReplayInfo {
  readonly id: string;
  readonly rule: readonly RuleStep[];
  readonly query: string;
  readonly from: number;
  readonly to: number;
  /** `failed`: `trouble` says why. */
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  /** What holds it up at this moment, or ended it. */
  readonly trouble: string | null;
  /** Unix seconds; `endedAt` is null while it runs. */
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Logs of the selection, counted when it began; null before. */
  readonly total: number | null;
  readonly counts: ReplayCounts;
}

/** Of the logs it has come to. */
export interface ReplayCounts {
  /** Stored in the logstore. */
  readonly stored: number;
  readonly dropped: number;
  /** They go on waiting. */
  readonly stillBad: number;
  /** Stored or dropped by an earlier replay: nothing was done. */
  readonly settledBefore: number;
}

export interface ReplayList {
  /** Newest first: those of the last weeks. */
  readonly replays: readonly ReplayInfo[];
}
