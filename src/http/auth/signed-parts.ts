import type { IncomingHttpHeaders } from 'node:http';

/** What a signature covers of a request, as it arrived: text has a character for each byte. */
export interface SignedParts {
  readonly method: string;
  /** Still encoded. */
  readonly path: string;
  /** Behind the first `?`, still encoded. */
  readonly queryText: string;
  readonly headers: IncomingHttpHeaders;
}
