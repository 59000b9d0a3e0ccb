/** Talks to a running service over its admin API. */
import * as path from 'node:path';
import type { ErrorAnswer } from '../src/api/error.js';
import { Failure } from './failure.js';
import type { Machine } from './machine.js';
import { escapeForTerminal } from './terminal.js';

const ADMIN_DEFAULT = 'http://127.0.0.1:8081';
const DATA_DEFAULT = './logboom-data';

/** An answer that is read whole is waited for this long. */
const ANSWER_MS_MAX = 30_000;

export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: { readonly id: string; readonly secret: string };
}

export interface Send {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  /**
   * Asks for an answer of one JSON value. `path` is from `apiPath`. Throws Failure, as `stream` does.
   *
   * T is what src/api says of this path; server and command line are of one version, so it is not checked again.
   */
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The same for one that may take as long as the server lets it, and that is JSON because it is asked for. */
  answer<T>(method: string, path: string, body: unknown): Promise<T>;
  /** Asks for an answer that is read as it comes; it may take for ever. */
  stream(method: string, path: string, send?: Send): Promise<Response>;
}

/** Where the server is and which key to show: from flags, else the environment, else the defaults. Throws Failure. */
export function findServer(
  flags: { readonly admin: string | undefined; readonly data: string | undefined },
  machine: Pick<Machine, 'env' | 'readFile'>,
): Server {
  const { env } = machine;
  const admin = flags.admin ?? (env['LOGBOOM_ADMIN'] || ADMIN_DEFAULT);
  if (!URL.canParse(admin) || !/^https?:\/\//i.test(admin)) {
    throw new Failure('usage', `${escapeForTerminal(admin)} is not the URL of a server, such as ${ADMIN_DEFAULT}`);
  }
  const { origin, pathname } = new URL(admin);
  const key = keyOfEnvironment(machine) ?? keyOfFile(flags.data ?? (env['LOGBOOM_DATA'] || DATA_DEFAULT), machine);
  if (!/^[\x21-\x7e]+$/.test(key.id + key.secret)) {
    throw new Failure('usage', 'the access key holds characters that no access key can have');
  }
  return { url: origin + pathname.replace(/\/+$/, ''), key };
}

export function createClient(server: Server, signal: AbortSignal): Client {
  async function send(method: string, path: string, { body, headers }: Send, until: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(server.url + path, {
        method,
        headers: { ...headers, authorization: `Bearer ${server.key.id}:${server.key.secret}` },
        body: body === undefined ? null : JSON.stringify(body),
        // The key is for this server and no other.
        redirect: 'error',
        signal: until,
      });
    } catch (error) {
      throw unreachable(error);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  function unreachable(error: unknown): Failure {
    if (signal.aborted) return new Failure('interrupted', 'interrupted', { cause: error });
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const { message, code } = inner as NodeJS.ErrnoException; // whatever it is, it is read as text only
    const reason = code === 'ECONNREFUSED' ? 'nobody listens there' : message || code || String(inner);
    const text = `cannot reach a server at ${server.url}: ${escapeForTerminal(reason)}`;
    return new Failure('unreachable', `${text}\nIs it running? Say where with --admin URL or LOGBOOM_ADMIN.`, {
      cause: error,
    });
  }

  async function refusal(response: Response): Promise<Failure> {
    const requestId = response.headers.get('x-log-requestid');
    const answer: unknown = await response.json().catch(() => undefined);
    if (!isErrorAnswer(answer)) return notLogboom(response);
    const { errorCode, errorMessage } = answer;
    const hint = response.status === 401 ? `\nThe key was ${server.key.id}.` : '';
    return new Failure(
      'refused',
      escapeForTerminal(`${errorCode}: ${errorMessage} (request ${requestId ?? 'without an id'})`) + hint,
    );
  }

  async function read<T>(response: Response): Promise<T> {
    const text = await response.text().catch((error: unknown) => Promise.reject(unreachable(error)));
    try {
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch {
      throw notLogboom(response);
    }
  }

  function notLogboom(response: Response): Failure {
    const text = `what answers at ${server.url} is no Logboom admin listener (HTTP ${response.status})`;
    return new Failure('unreachable', text);
  }

  return {
    async stream(method, path, more = {}) {
      const response = await send(method, path, more, signal);
      // Node 20 knows the signal of a fetch no longer once it has collected the request; of a pipe it does.
      const body = response.body?.pipeThrough(new TransformStream(), { signal });
      return new Response(body ?? null, response);
    },
    async json<T>(method: string, path: string, body?: unknown): Promise<T> {
      const until = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
      return read<T>(await send(method, path, { body }, until));
    },
    async answer<T>(method: string, path: string, body: unknown): Promise<T> {
      return read<T>(await send(method, path, { body, headers: { accept: 'application/json' } }, signal));
    },
  };
}

/** A path of the admin API, each segment encoded. Throws Failure for a name that would lead to another path. */
export function apiPath(...segments: readonly string[]): string {
  for (const segment of segments) {
    if (['', '.', '..'].includes(segment)) throw new Failure('usage', `"${segment}" is no name`);
  }
  return `/api/v1/${segments.map(encodeURIComponent).join('/')}`;
}

function keyOfEnvironment({ env, readFile }: Pick<Machine, 'env' | 'readFile'>): Server['key'] | undefined {
  const id = env['LOGBOOM_ACCESS_KEY_ID'];
  const secretFile = env['LOGBOOM_ACCESS_KEY_SECRET_FILE'];
  if (!id) return undefined;
  const secret = env['LOGBOOM_ACCESS_KEY_SECRET'] || (secretFile && readKeyFile(secretFile, readFile).trimEnd());
  if (!secret) throw new Failure('usage', 'LOGBOOM_ACCESS_KEY_ID is set, and LOGBOOM_ACCESS_KEY_SECRET is not');
  return { id, secret };
}

function keyOfFile(directory: string, { readFile }: Pick<Machine, 'readFile'>): Server['key'] {
  const file = path.resolve(directory, 'access-key');
  const content = readKeyFile(file, readFile);
  try {
    const { id, secret } = JSON.parse(content) as Record<string, unknown>; // checked on the next line
    if (typeof id === 'string' && typeof secret === 'string') return { id, secret };
  } catch {
    // Told below, as anything else that is no key.
  }
  throw new Failure('usage', `${escapeForTerminal(file)} holds no access key`);
}

function readKeyFile(file: string, readFile: Machine['readFile']): string {
  try {
    return readFile(file);
  } catch (cause) {
    const { message } = cause as Error; // what fs throws
    throw new Failure(
      'usage',
      `no access key: ${escapeForTerminal(message)}\n` +
        'Set LOGBOOM_ACCESS_KEY_ID and LOGBOOM_ACCESS_KEY_SECRET, or name the data directory with --data DIR.',
      { cause },
    );
  }
}

function isErrorAnswer(answer: unknown): answer is ErrorAnswer {
  if (typeof answer !== 'object' || answer === null) return false;
  const { errorCode, errorMessage } = answer as Partial<Record<keyof ErrorAnswer, unknown>>;
  return typeof errorCode === 'string' && typeof errorMessage === 'string';
}
