/** Bodies of DeletionRequest (src/api/deletions.ts), decoded and checked. */
import * as z from 'zod';
import { ApiError } from '../../errors.js';
import { parseQuery } from '../search/parse.js';
import { nanosecondsOfSeconds, type Selection, TIME_SECONDS_MAX } from '../selection.js';
import { splitQuery } from '../split-query.js';

const REFERENCE_LENGTH_MAX = 200;

const instant = z.number().min(0).max(TIME_SECONDS_MAX);

export const DELETION_REQUEST = z.strictObject({
  query: z.string(),
  from: instant,
  to: instant,
  everything: z.boolean().default(false),
  reference: z.string().max(REFERENCE_LENGTH_MAX).default(''),
});

/** Throws ApiError and QuerySyntaxError. `selected` is what the search and the times mean. */
export function decodeDeletionRequest(body: unknown) {
  const decoded = DELETION_REQUEST.safeParse(body);
  if (!decoded.success) {
    const [issue] = decoded.error.issues;
    throw refused(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const { query: text, from, to, everything, reference } = decoded.data;
  if (from >= to) throw new ApiError('InvalidTimeRange');
  if (splitQuery(text).analytics !== null)
    throw refused('query: a search says which logs are deleted; SQL has no place here.');
  const query = parseQuery(text);
  // It may be all that is left of a search whose variable was empty.
  if (query.kind === 'all' && !everything) {
    throw refused('query: it finds every log; say "everything": true if all of them are to be deleted.');
  }
  const selected: Pick<Selection, 'query' | 'fromNs' | 'toNs'> = {
    query,
    fromNs: nanosecondsOfSeconds(from),
    toNs: nanosecondsOfSeconds(to),
  };
  return { text, from, to, reference, selected };
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}
