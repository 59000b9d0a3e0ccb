import type { AdmitDeps } from './admit.js';
import type { InquiryDeps } from './inquiry.js';
import type { TailDeps } from './tail.js';

/** What our own query API needs. */
export interface QueryDeps extends InquiryDeps, AdmitDeps, TailDeps {
  /** Of SQL; an IANA name. */
  readonly timeZone: string;
  /** Aborted when the process is about to end: tails would go on for ever. */
  readonly stopping: AbortSignal;
}

/** Room for a query at its limit, in the longest way of writing it. */
export const BODY_BYTES_MAX = 128 * 1024;

/** The path of a call about one logstore. */
export function logstorePath(call: string): string {
  return `/api/v1/projects/:project/logstores/:logstore/${call}`;
}
