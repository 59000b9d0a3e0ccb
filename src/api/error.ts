/** The body of every answer that is an error. The request's id is in the header `x-log-requestid`. */
export interface ErrorAnswer {
  /** Stable; docs/errors.md lists them. */
  readonly errorCode: string;
  /** For people. */
  readonly errorMessage: string;
  /** Where in the query it is wrong, on `/api/v1`: line and column count characters from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The same as an index into the query, in UTF-16 units from 0. */
  readonly offset?: number;
}
