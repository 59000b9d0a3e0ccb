/** Why a query failed, in words for the one who asked. */
import { ApiError } from '../errors.js';
import { errorBody } from '../http/answer.js';
import { type Limit, type Misuse, StoreRefused, StoreUnavailable } from '../store/store.js';
import { AnalyticsError } from './analytics/analytics-error.js';
import { QueryRefused } from './compile/query-refused.js';
import { QuerySyntaxError } from './search/syntax-error.js';

const TOO_MUCH: Readonly<Record<Limit, string>> = {
  rows: 'too many rows',
  bytes: 'too many bytes',
  time: 'too much time',
  memory: 'too much memory',
  answer: 'too much room for its answer',
};

const MISUSED: Readonly<Record<Misuse, string>> = {
  regexp: 'A regular expression cannot be compiled; they are those of RE2.',
  subquery: 'Scalar sub-query has returned multiple rows.',
  value: 'A function was given a value that it cannot work with.',
  type: 'A function or an operator cannot work with values of this type.',
  join: 'An outer JOIN needs an equality of both sides in its condition.',
  size: 'The query is too large or nested too deeply.',
};

/** What the caller can do something about becomes an ApiError; anything else is returned as it is. */
export function explainTrouble(error: unknown): unknown {
  if (error instanceof QuerySyntaxError || error instanceof AnalyticsError) {
    const { line, column, offset } = error;
    return new ApiError('ParameterInvalid', { reason: error.message }, { place: { line, column, offset } });
  }
  if (error instanceof QueryRefused) {
    return new ApiError('ParameterInvalid', { reason: error.message });
  }
  if (error instanceof StoreUnavailable) return new ApiError('ServerBusy', {}, { cause: error });
  if (error instanceof StoreRefused && error.exceeded !== null) {
    const reason = `The query takes ${TOO_MUCH[error.exceeded]}: narrow the time range or ask for fewer logs.`;
    return new ApiError('ParameterInvalid', { reason }, { cause: error });
  }
  if (error instanceof StoreRefused && error.misuse !== null) {
    return new ApiError('ParameterInvalid', { reason: MISUSED[error.misuse] }, { cause: error });
  }
  return error;
}

/** For an answer that has begun: trouble as `explainTrouble` returns it, as one line of JSON. */
export function printTrouble(trouble: unknown, requestId: string): string {
  const error = trouble instanceof ApiError ? trouble : new ApiError('InternalServerError', { id: requestId });
  return JSON.stringify(errorBody(error));
}
