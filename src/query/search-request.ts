/** The body of a query request (src/api/query.ts), decoded and checked. */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import type { Query } from './search/ast.js';
import { parseQuery } from './search/parse.js';
import type { Order } from './search.js';
import { TIME_SECONDS_MAX, type TimeRange } from './selection.js';

export interface SearchRequest extends TimeRange {
  readonly query: Query;
  readonly limit: number;
  readonly order: Order;
}

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
  return { query: parseQuery(query), fromNs: toNanoseconds(from), toNs: toNanoseconds(to), limit, order };
}

/** Numbers of seconds are good to the microsecond. */
function toNanoseconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1_000_000)) * 1000n;
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}
