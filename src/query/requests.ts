/** Bodies of our own query API (src/api/query.ts), decoded and checked. */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import type { QueryLimits } from '../store/store.js';
import { countBuckets } from './histogram.js';
import { parsePlace } from './log-place.js';
import { parseQuery } from './search/parse.js';
import { nanosecondsOfSeconds, TIME_SECONDS_MAX } from './selection.js';
import { splitQuery } from './split-query.js';

/** Limits of what one request may ask for. */
export const BUCKETS_MAX = 1000;
const FACET_FIELDS_MAX = 20;
const FACET_VALUES_MAX = 1000;
const SAMPLE_MAX = 100_000;
const CONTEXT_LOGS_MAX = 1000;
const SAME_MAX = 10;
const NAME_LENGTH_MAX = 256;

const instant = z.number().min(0).max(TIME_SECONDS_MAX).transform(nanosecondsOfSeconds);

const name = z.string().min(1).max(NAME_LENGTH_MAX);
const id = z.string().transform((text, context) => {
  const place = parsePlace(text);
  if (place !== null) return place;
  context.addIssue({ code: 'custom', message: 'not an id of a log' });
  return z.NEVER;
});

const selection = { query: z.string().default(''), from: instant, to: instant };

export const LOGS = z.strictObject({
  ...selection,
  limit: z.int().min(1).default(100),
  order: z.enum(['newestFirst', 'oldestFirst']).default('newestFirst'),
  after: id.nullable().default(null),
});
export const HISTOGRAM = z.strictObject({
  ...selection,
  buckets: z.int().min(1).max(BUCKETS_MAX).default(60),
  widthSeconds: z.int().min(1).optional(),
  by: name.optional(),
  top: z.int().min(1).max(20).default(5),
});
export const FACETS = z.strictObject({
  ...selection,
  fields: z.array(name).min(1).max(FACET_FIELDS_MAX),
  top: z.int().min(1).max(FACET_VALUES_MAX).default(10),
});
export const FIELDS = z.strictObject({ ...selection, sample: z.int().min(1).max(SAMPLE_MAX).default(10_000) });
export const CONTEXT = z.strictObject({
  id,
  before: z.int().min(0).max(CONTEXT_LOGS_MAX).default(20),
  after: z.int().min(0).max(CONTEXT_LOGS_MAX).default(20),
  same: z.array(name).max(SAME_MAX).default([]),
});

/** All of these throw ApiError and QuerySyntaxError. */
/** `text` is the whole query, and `at` where SQL begins in it, null if there is none. */
export function decodeLogsRequest(body: unknown, { rowsMax }: QueryLimits) {
  const request = decodeSelection(LOGS, body);
  if (request.limit > rowsMax) throw refused(`limit: at most ${rowsMax} logs can be asked for`);
  const at = splitQuery(request.text).analytics?.at ?? null;
  if (at !== null && request.after !== null) throw refused('after: SQL pages with LIMIT offset, count.');
  return { ...request, at };
}

export function decodeHistogramRequest(body: unknown) {
  const request = decodeSelection(HISTOGRAM, body);
  if (request.widthSeconds !== undefined && countBuckets(request, request.widthSeconds) > BUCKETS_MAX) {
    throw refused(`widthSeconds: more than ${BUCKETS_MAX} buckets`);
  }
  return request;
}

export function decodeFacetsRequest(body: unknown) {
  return decodeSelection(FACETS, body);
}

export function decodeFieldsRequest(body: unknown) {
  return decodeSelection(FIELDS, body);
}

export function decodeContextRequest(body: unknown) {
  return decode(CONTEXT, body);
}

interface AskedSelection {
  readonly query: string;
  readonly from: bigint;
  readonly to: bigint;
}

function decodeSelection<T extends AskedSelection>(schema: z.ZodType<T>, body: unknown) {
  const { query, from, to, ...rest } = decode(schema, body);
  if (from >= to) throw refused('Request time range is invalid.');
  return { ...rest, text: query, query: parseQuery(splitQuery(query).search), fromNs: from, toNs: to };
}

function decode<T>(schema: z.ZodType<T>, body: unknown): T {
  const decoded = schema.safeParse(body);
  if (decoded.success) return decoded.data;
  const [issue] = decoded.error.issues;
  throw refused(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}
