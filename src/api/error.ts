/** The body of every answer that is an error. The request's id is in the header `x-log-requestid`. */
export interface ErrorAnswer {
  /** Stable; docs/errors.md lists them. */
  readonly errorCode: string;
  /** For people. */
  readonly errorMessage: string;
}
