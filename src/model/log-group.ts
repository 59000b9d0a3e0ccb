/** A log group on its way from the request to the spool: the body as received, and what to change in it. */

/** Replaces the bytes [start, end) of the body by `text`; an empty text cuts them. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A JSON object in canonical form once `edits` are applied to `bytes[start, end)`: its keys are `__logs__` and, at most
 * once each, `__topic__`, `__source__`, `__tags__`; every value is a string (topic, source) or a flat object of strings
 * (tags, and each log of the array); it holds no newline byte.
 *
 * `start` is behind the object's opening brace and `end` behind its closing one. Edits are in order and do not overlap.
 */
export interface CanonicalBody {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
  /** Logs left after the edits; 0 means there is nothing to store. */
  readonly logCount: number;
  /** At least one log has a key that starts with `__tag__:`, a tag of that log alone. */
  readonly hasLogTags: boolean;
}
