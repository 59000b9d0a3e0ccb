/** Why a query failed, in words for the one who asked. */
import { ApiError } from '../errors.js';
import { errorBody } from '../http/answer.js';
import { StoreRefused, StoreUnavailable } from '../store/store.js';
import { QuerySyntaxError } from './search/syntax-error.js';

/** ClickHouse's codes for what a query may not exceed. */
const OVER_LIMIT: Readonly<Record<number, string>> = {
  158: 'too many rows',
  159: 'too much time',
  241: 'too much memory',
  307: 'too many bytes',
  396: 'too many rows in its result',
};

/** What the caller can do something about becomes an ApiError; anything else is returned as it is. */
export function explainTrouble(error: unknown): unknown {
  if (error instanceof QuerySyntaxError) return new ApiError('ParameterInvalid', { reason: error.message });
  if (error instanceof StoreUnavailable) return new ApiError('ServerBusy', {}, { cause: error });
  if (error instanceof StoreRefused && error.code in OVER_LIMIT) {
    const reason = `The query takes ${OVER_LIMIT[error.code]}: narrow the time range or ask for fewer logs.`;
    return new ApiError('ParameterInvalid', { reason }, { cause: error });
  }
  return error;
}

/** For an answer that has begun: trouble as `explainTrouble` returns it, as one line of JSON. */
export function printTrouble(trouble: unknown, requestId: string): string {
  const error = trouble instanceof ApiError ? trouble : new ApiError('InternalServerError', { id: requestId });
  return JSON.stringify(errorBody(error));
}
