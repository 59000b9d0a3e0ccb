/** Errors that go to another process as JSON: an ApiError arrives as an ApiError, any other as one of its message. */
import * as z from 'zod';
import { API_ERRORS, ApiError, type ErrorName } from '../errors.js';

export type SentError = {
  readonly message: string;
  readonly api?: { readonly error: ErrorName; readonly values: ApiError['values'] } | undefined;
};

/** Of another process that may be of another version: an error that this one does not know is left with its message. */
export const SENT_ERROR = z.object({
  message: z.string(),
  api: z
    .object({
      error: z.custom<ErrorName>((name) => typeof name === 'string' && Object.hasOwn(API_ERRORS, name)),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .optional()
    .catch(undefined),
});

export function sendableError(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ApiError ? { message, api: { error: error.error, values: error.values } } : { message };
}

export function receivedError({ message, api }: SentError): Error {
  return api === undefined ? new Error(message) : new ApiError(api.error, api.values);
}
