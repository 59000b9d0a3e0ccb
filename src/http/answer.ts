/** Answers, in the forms that every API of ours uses, and the one place where an error becomes one. */
import { STATUS_CODES } from 'node:http';
import type { ErrorAnswer } from '../api/error.js';
import { ApiError } from '../errors.js';
import type { Log } from '../platform/diagnostics.js';
import type { Exchange } from './route.js';

/** 200 without a body. */
export function sendEmpty(exchange: Exchange, headers: readonly string[] = []): void {
  exchange.response.writeHead(200, [...exchange.commonHeaders, 'Content-Length', '0', ...headers]);
  exchange.response.end();
}

export function sendBytes(
  exchange: Exchange,
  status: number,
  contentType: string,
  body: Buffer | string,
  headers: readonly string[] = [],
): void {
  const { response, commonHeaders } = exchange;
  // Headers can hold bytes over 0x7f: in front of a body that is text, Node would write them as that.
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, reasonOf(status), [
    ...commonHeaders,
    'Content-Type',
    contentType,
    'Content-Length',
    String(bytes.length),
    ...headers,
  ]);
  response.end(bytes);
}

export function sendJson(exchange: Exchange, status: number, body: unknown, headers: readonly string[] = []): void {
  sendBytes(exchange, status, 'application/json', JSON.stringify(body), headers);
}

/** Turns what a handler threw into an answer. What is not an ApiError is a bug of ours: logged, and no inner text leaves. */
export function sendError(exchange: Exchange, thrown: unknown, log: Log): void {
  const { response, requestId } = exchange;
  if (!(thrown instanceof ApiError)) log.error({ err: thrown, requestId, path: exchange.path }, 'a request failed');
  const error = thrown instanceof ApiError ? thrown : new ApiError('InternalServerError', { id: requestId });
  exchange.answeredCode = error.code;
  if (response.headersSent) {
    // In mid answer only a broken connection can say that it is incomplete.
    response.destroy();
    return;
  }
  // Without its permission the client does not send the body, and might take what it sends next for that.
  const mustClose = exchange.expectsContinue && !error.headers.includes('Connection');
  sendJson(
    exchange,
    error.status,
    errorBody(error),
    mustClose ? [...error.headers, 'Connection', 'close'] : error.headers,
  );
}

export function errorBody(error: ApiError): ErrorAnswer {
  return { errorCode: error.code, errorMessage: error.message, ...error.place };
}

/** The reason phrase of a status line. 499 is not in Node's table. */
export function reasonOf(status: number): string {
  return STATUS_CODES[status] ?? 'Client Closed Request';
}
