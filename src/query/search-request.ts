/** The body of a query request (src/api/query.ts), decoded and checked. */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import type { Query } from './search/ast.js';
import { parseQuery } from './search/parse.js';

export interface SearchRequest {
  readonly query: Query;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  readonly order: 'newestFirst' | 'oldestFirst';
}

/** The last second that the store's column for times, 64 bits of nanoseconds, can hold. */
const TIME_SECONDS_MAX = 9_223_372_036;

const QUERY_REQUEST = z.strictObject({
  query: z.string().default(''),
  from: z.number().min(0).max(TIME_SECONDS_MAX),
  to: z.number().min(0).max(TIME_SECONDS_MAX),
  limit: z.int().min(1).default(100),
  order: z.enum(['newestFirst', 'oldestFirst']).default('newestFirst'),
});

/** Throws ApiError and QuerySyntaxError. */
export function decodeSearchRequest(body: unknown, limitMax: number): SearchRequest {
  const decoded = QUERY_REQUEST.safeParse(body);
  if (!decoded.success) {
    const [issue] = decoded.error.issues;
    throw refused(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const { query, from, to, limit, order } = decoded.data;
  if (from >= to) throw refused('Request time range is invalid.');
  if (limit > limitMax) throw refused(`limit: at most ${limitMax} logs can be asked for`);
  const fromMs = Math.round(from * 1000);
  const toMs = Math.round(to * 1000);
  return { query: parseQuery(query), fromMs, toMs, limit, order };
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}
