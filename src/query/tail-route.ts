/** Our own call that follows what arrives. */
import { ApiError } from '../errors.js';
import type { Exchange, Route } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import { admit } from './admit.js';
import { answerTail } from './answer-tail.js';
import { logstorePath, type QueryDeps } from './deps.js';
import type { Query } from './search/ast.js';
import { parseQuery } from './search/parse.js';
import { followLogs, type TailEvent } from './tail.js';
import { type Cursor, parseCursor } from './tail-cursor.js';
import { explainTrouble } from './trouble.js';

/** Tails open at a time; each asks the store twice a second. */
const TAILS_MAX = 50;

export function tailRoute(deps: QueryDeps): Route {
  let tailCount = 0;

  return {
    method: 'GET',
    path: logstorePath('tail'),
    async handle(exchange) {
      const logstore = admit(deps, exchange);
      const text = new URLSearchParams(exchange.queryText).get('query') ?? '';
      const query = explained(() => parseQuery(text));
      const after = readCursor(exchange);
      if (tailCount >= TAILS_MAX) throw new ApiError('ServerBusy');
      tailCount += 1;
      try {
        await answerTail(exchange, deps.clock, (signal) => tailOf(deps, logstore, query, after, signal));
      } finally {
        tailCount -= 1;
      }
    },
  };
}

function readCursor({ request }: Exchange): Cursor | null {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return null;
  const cursor = typeof id === 'string' ? parseCursor(id) : null;
  if (cursor === null) throw new ApiError('ParameterInvalid', { reason: 'Last-Event-ID is not an id of a tail.' });
  return cursor;
}

/** Ends with an ApiError when the logstore is deleted or the process is about to end. */
async function* tailOf(
  deps: QueryDeps,
  { id: logstoreId, name, index }: Logstore,
  query: Query,
  after: Cursor | null,
  signal: AbortSignal,
): AsyncGenerator<TailEvent> {
  const { stopping, view } = deps;
  const tail = { logstoreId, index: index?.config ?? null, query, after };
  try {
    for await (const event of followLogs(deps, tail, AbortSignal.any([signal, stopping]))) {
      if (view.logstoreById(logstoreId) === undefined) throw new ApiError('LogStoreNotExist', { logstore: name });
      yield event;
    }
  } catch (thrown) {
    if (stopping.aborted) throw new ApiError('ServerBusy', {}, { cause: thrown });
    throw thrown;
  }
}

function explained<T>(decode: () => T): T {
  try {
    return decode();
  } catch (thrown) {
    throw explainTrouble(thrown);
  }
}
