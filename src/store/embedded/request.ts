/** A request of ClickHouse's HTTP interface, as far as `@clickhouse/client` and curl use it, becomes a statement. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readingFile, saveBody, takesBody } from './body-file.js';
import type { EngineStatement } from './engine.js';
import { EngineException } from './exception.js';

/** Data of an insert. Segments do not come this way: body-file.ts. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Parameters of the interface itself; every other one is a setting. Sessions and users do not exist here. */
const NOT_SETTINGS = new Set(
  [
    'query',
    'query_id',
    'database',
    'default_format',
    'session_id',
    'session_timeout',
    'session_check',
    'role',
    'user',
  ].concat([
    'password',
    'quota_key',
    'compress',
    'decompress',
    'buffer_size',
    'wait_end_of_query',
    'stacktrace',
    'log_comment',
  ]),
);
const NAME = /^\w+$/;

export interface RequestStatement extends EngineStatement {
  /** What the statement reads, to be removed when it has ended; undefined if its body is a part of its text. */
  readonly bodyFile: string | undefined;
}

/** `url` is the request's own, parsed. Throws an EngineException for what cannot be run. */
export async function readStatement(
  request: IncomingMessage,
  url: URL,
  bodiesDirectory: string,
): Promise<RequestStatement> {
  const search = url.searchParams;
  const settings = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (const [name, value] of search) {
    if (NOT_SETTINGS.has(name)) continue;
    if (!NAME.test(name)) throw new EngineException(115, `Unknown setting ${JSON.stringify(name)}. (UNKNOWN_SETTING)`);
    if (name.startsWith('param_')) parameters.set(name.slice('param_'.length), value);
    else settings.set(name, value);
  }
  const query = search.get('query') ?? '';
  const bodyFile = takesBody(query) ? await saveBody(decoded(request), bodiesDirectory) : undefined;
  const sql =
    bodyFile === undefined
      ? [query, await readBody(request)].filter((text) => text !== '').join('\n')
      : readingFile(query, bodyFile);
  refuseTraps(sql);
  return {
    id: search.get('query_id') || randomUUID(),
    sql,
    bodyFile,
    database: search.get('database') ?? undefined,
    settings,
    parameters,
    format: search.get('default_format') ?? headerText(request, 'x-clickhouse-format') ?? 'TabSeparated',
  };
}

/** What the embedded engine answers with success or silence although it does not do it. */
function refuseTraps(sql: string): void {
  if (sql.trim() === '') throw new EngineException(62, 'Syntax error: Empty query. (SYNTAX_ERROR)');
  const head = sql.slice(0, 64 * 1024);
  if (/^\s*INSERT\b/i.test(head) && /\bFROM\s+input\s*\(/i.test(head)) {
    throw new EngineException(
      48,
      'INSERT … FROM input() inserts nothing here but a body in JSONEachRow or RowBinary. (NOT_IMPLEMENTED)',
    );
  }
  if (/^\s*KILL\b/i.test(head) && /\bSYNC\b/i.test(head)) {
    throw new EngineException(48, 'KILL … SYNC never returns here: use ASYNC. (NOT_IMPLEMENTED)');
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded(request) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new EngineException(191, 'The body is too large. (TOO_LARGE_STRING_SIZE)');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function decoded(request: IncomingMessage): Readable {
  return headerText(request, 'content-encoding') === 'gzip' ? request.pipe(createGunzip()) : request;
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
