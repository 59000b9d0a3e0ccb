/**
 * A log in quarantine, as a log of `NAME.quarantine`: what was sent, and why it could not be taken. Topic, source and tags
 * are those of its batch, and the time is when it was received: it is found where the log would have been.
 */

/** Its fields, by their names in the store. Absent ones have nothing to say. */
export interface QuarantinedLog {
  /** The JSON text that was sent, up to `SOURCE_BYTES_MAX`. */
  readonly text: string;
  /** `true` if that is not all of it. */
  readonly cut?: string | undefined;
  /** Of the whole text. */
  readonly text_bytes: string;
  /** A LogFault. */
  readonly reason: string;
  readonly detail: string;
  /** The byte at fault, in the body or in the JSON that was made of a GET; the place of the log in its batch, from 0. */
  readonly offset: string;
  readonly index: string;
  /** The key at fault. */
  readonly field?: string | undefined;
  readonly request_id: string;
  /** The page that sent it, by Origin or Referer. */
  readonly origin?: string | undefined;
  /** Which SDK or program it looks like. */
  readonly client: string;
}

export interface BatchLabels {
  readonly __topic__?: string | undefined;
  readonly __source__?: string | undefined;
  readonly __tags__?: Readonly<Record<string, string>> | undefined;
}
