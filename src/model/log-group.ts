/** A log group on its way from the request to the spool. */
import { LINE_BYTES_MAX } from './checked-line.js';

/**
 * A JSON object in canonical form, less its opening brace: its keys are `__logs__` and, at most once each, `__topic__`,
 * `__source__`, `__tags__`; every value is a string (topic, source) or a flat object of strings (tags, and each log of the
 * array); it holds no newline byte.
 *
 * It is `bytes[start, end)`, up to and with the closing brace. Most bodies are canonical as they come; then `bytes` is
 * the request's own buffer and has to be copied before that is used again.
 */
export interface CanonicalBody {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** 0 means there is nothing to store. */
  readonly logCount: number;
  /** At least one log has a key that starts with `__tag__:`, a tag of that log alone. */
  readonly hasLogTags: boolean;
  /** Where the logs bring their own times; otherwise they have that of their receipt. */
  readonly times?: LogTimes | undefined;
  /** When the last of its logs came about by its client's clock, in Unix milliseconds, if that says. */
  readonly clientTimeMs?: number | undefined;
  /** Of its logs and tags; good until the next body is read. Absent in a body that was changed since. */
  readonly keys?: DistinctKeys | undefined;
}

/** What the line of a group has beside its body and the times of its logs, in bytes. */
const LINE_REST_BYTES_MAX = 1024;

/** Whether a line of the spool can hold it. */
export function fitsLine({ start, end, times }: CanonicalBody): boolean {
  return end - start + (times?.text.length ?? 0) <= LINE_BYTES_MAX - LINE_REST_BYTES_MAX;
}

export type KeyTest = (bytes: Uint8Array, start: number, end: number) => boolean;

export interface DistinctKeys {
  /** Whether `test` holds for all of them, asked until it does not. A key is `bytes[start, end)`, UTF-8 without escapes. */
  every(test: KeyTest): boolean;
}

export interface LogTimes {
  /** Nanoseconds since 1970, a number for each log, as the members of a JSON array: `1700000000000000005,1700000001000000000`. */
  readonly text: string;
  /** Earliest and latest of them in Unix milliseconds, both included. Of no logs, Infinity and 0. */
  readonly firstMs: number;
  readonly lastMs: number;
}
