/** Bodies of signed requests that are JSON objects. */
import { ApiError } from '../errors.js';
import type { Admission } from './auth/gate.js';
import type { BodyReader } from './body.js';
import type { Exchange } from './route.js';

/** The index of a logstore with thousands of fields is some hundred kilobytes. */
const BODY_BYTES_MAX = 1024 * 1024;

/** Reads the body and checks that it is the signed one. Throws JsonBodyInvalid for what is no JSON object. */
export async function readSignedJson(exchange: Exchange, admission: Admission, bodies: BodyReader): Promise<object> {
  const value = await readSignedValue(exchange, admission, bodies);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ApiError('JsonBodyInvalid');
  return value;
}

/** The same for any JSON. */
export async function readSignedValue(
  exchange: Exchange,
  { checkBody }: Admission,
  bodies: BodyReader,
): Promise<unknown> {
  const body = await bodies.read(exchange, BODY_BYTES_MAX);
  try {
    checkBody(body.bytes);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.bytes));
  } catch (cause) {
    throw cause instanceof ApiError ? cause : new ApiError('JsonBodyInvalid', {}, { cause });
  } finally {
    body.release();
  }
}
