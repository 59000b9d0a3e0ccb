/**
 * The parameters of SLS's reading calls, from the query string or the JSON body, where numbers and switches may be text.
 * Those without a value are as good as absent, since SDKs send all they know; those that nobody knows are ignored.
 */
import { ApiError } from '../../errors.js';
import { nanosecondsOf, TIME_SECONDS_MAX, type TimeRange } from '../selection.js';

/** A parameter's value by its name. */
export type Given = (name: string) => unknown;

export function givenInQuery(queryText: string): Given {
  const values = new URLSearchParams(queryText);
  return (name) => values.get(name);
}

export function givenInBody(body: object): Given {
  const values = new Map<string, unknown>(Object.entries(body));
  return (name) => values.get(name);
}

export interface LogsParameters extends TimeRange {
  /** `search` or `search | analytics`. */
  readonly query: string;
  readonly topic: string | null;
  /** Logs to answer with. */
  readonly line: number;
  readonly offset: number;
  /** Newest first. */
  readonly isReversed: boolean;
}

const LINE_MAX = 100;

/** Throws ParameterInvalid and InvalidTimeRange. */
export function readLogsParameters(given: Given): LogsParameters {
  return {
    ...readTimeRange(given),
    query: readText(given, 'query') ?? '',
    topic: readText(given, 'topic'),
    // More is not refused by SLS either.
    line: Math.min(readWhole(given, 'line') ?? LINE_MAX, LINE_MAX),
    offset: readWhole(given, 'offset') ?? 0,
    isReversed: readSwitch(given, 'reverse'),
  };
}

/** `from` and `to` in seconds, with nanoseconds added. Throws ParameterInvalid and InvalidTimeRange. */
export function readTimeRange(given: Given): TimeRange {
  const fromNs = readInstant(given, 'from');
  const toNs = readInstant(given, 'to');
  if (fromNs >= toNs) throw new ApiError('InvalidTimeRange');
  return { fromNs, toNs };
}

function readInstant(given: Given, name: 'from' | 'to'): bigint {
  const seconds = wholeNumber(given(name));
  if (seconds === null) {
    throw new ApiError('ParameterInvalid', { reason: `The parameter ${name} must be a positive integer` });
  }
  // What is beyond the store's end of time has no logs.
  return nanosecondsOf(Math.min(seconds, TIME_SECONDS_MAX), Math.min(readWhole(given, `${name}Ns`) ?? 0, 999_999_999));
}

/** Null if absent. */
export function readText(given: Given, name: string): string | null {
  const value = given(name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw invalid(name, value);
  return value;
}

/** Null if absent. Throws ParameterInvalid for what is no whole number from 0. */
export function readWhole(given: Given, name: string): number | null {
  const value = given(name);
  if (value === undefined || value === null || value === '') return null;
  const number = wholeNumber(value);
  if (number === null) throw invalid(name, value);
  return number;
}

function readSwitch(given: Given, name: string): boolean {
  const value = given(name);
  if (value === undefined || value === null || value === '') return false;
  const text = String(value).toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw invalid(name, value);
}

/** Null for everything else. */
function wholeNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function invalid(name: string, value: unknown): ApiError {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return new ApiError('ParameterInvalid', { reason: `${name} : ${text} pair is invalid` });
}
