/** Errors that go to another process as JSON: an ApiError arrives as an ApiError, any other as one of its message. */
import { ApiError, type ErrorName } from '../errors.js';

export type SentError = {
  readonly message: string;
  readonly api?: { readonly error: ErrorName; readonly values: ApiError['values'] };
};

export function sendableError(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ApiError ? { message, api: { error: error.error, values: error.values } } : { message };
}

export function receivedError({ message, api }: SentError): Error {
  return api === undefined ? new Error(message) : new ApiError(api.error, api.values);
}
