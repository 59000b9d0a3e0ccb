/**
 * Calls of the service's API, `../api/v1/…` as seen from the page, so that whatever path a proxy puts in front stays in front.
 *
 * Throws a ServerError for an answer that is one, a TypeError if there is no answer, and an AbortError if `signal` says so.
 */
import type { ErrorAnswer } from '../../../src/api/error.js';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Becomes JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The service refused, and said why. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  /** Where in the query the mistake is, from 1; null if it is not in a query. */
  readonly place: QueryPlace | null;

  constructor(status: number, answer: ErrorAnswer, requestId: string | null) {
    super(answer.errorMessage);
    this.status = status;
    this.code = answer.errorCode;
    this.requestId = requestId;
    this.place = findPlace(answer);
  }
}

export interface QueryPlace {
  readonly line: number;
  readonly column: number;
}

export async function callForJson<Answer>(path: string, call: Call = {}): Promise<Answer> {
  const response = await callServer(path, call);
  // The shapes are the server's own types, compiled together with it.
  return (await response.json()) as Answer;
}

/** For calls whose answer has no body. */
export async function callForNothing(path: string, call: Call): Promise<void> {
  await callServer(path, call);
}

export async function callServer(
  path: string,
  { method = 'GET', body, headers = {}, signal }: Call = {},
): Promise<Response> {
  const response = await fetch(new URL(`../api/v1/${path}`, document.baseURI), {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'x-logboom-console': '1' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await readError(response);
  return response;
}

/** `projects/…/logstores/…` */
export function logstorePath(project: string, logstore: string): string {
  return `projects/${encodeURIComponent(project)}/logstores/${encodeURIComponent(logstore)}`;
}

/** Anything between us and the service may answer too, and not in its form. */
async function readError(response: Response): Promise<ServerError> {
  const requestId = response.headers.get('x-log-requestid');
  const text = await response.text();
  const answer = parseErrorAnswer(text) ?? {
    errorCode: `HTTP ${response.status}`,
    errorMessage: text.slice(0, 300) || response.statusText || `HTTP ${response.status}`,
  };
  return new ServerError(response.status, answer, requestId);
}

/** Null for a text that is none. */
export function parseErrorAnswer(text: string): ErrorAnswer | null {
  try {
    const value: unknown = JSON.parse(text);
    return isErrorAnswer(value) ? value : null;
  } catch {
    return null;
  }
}

function isErrorAnswer(value: unknown): value is ErrorAnswer {
  return typeof value === 'object' && value !== null && 'errorCode' in value && 'errorMessage' in value;
}

function findPlace({ line, column }: ErrorAnswer): QueryPlace | null {
  return line === undefined || column === undefined ? null : { line, column };
}
