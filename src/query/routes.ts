/** What can be asked over the admin listener: a query over a range of time, and a tail of what arrives. */
import { ApiError } from '../errors.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import type { Clock } from '../platform/clock.js';
import type { LogRow } from '../store/log-table.js';
import type { QueryLimits, Store } from '../store/store.js';
import { type AdmitDeps, admit } from './admit.js';
import { answerLogs } from './answer-logs.js';
import { answerTail } from './answer-tail.js';
import type { Query } from './search/ast.js';
import { parseQuery } from './search/parse.js';
import { type Search, selectLogs } from './search.js';
import { decodeSearchRequest } from './search-request.js';
import { followLogs, type TailEvent } from './tail.js';
import { type Cursor, parseCursor } from './tail-cursor.js';
import { explainTrouble } from './trouble.js';

export interface QueryDeps extends AdmitDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: QueryLimits;
  /** Aborted when the process is about to end: tails would go on for ever. */
  readonly stopping: AbortSignal;
}

/** Room for a query at its limit, in the longest way of writing it. */
const BODY_BYTES_MAX = 128 * 1024;

/** Tails open at a time; each asks the store twice a second. */
const TAILS_MAX = 50;

export function queryRoutes(deps: QueryDeps): Route[] {
  const { limits, clock } = deps;
  let tailCount = 0;

  return [
    {
      method: 'POST',
      path: '/api/v1/projects/:project/logstores/:logstore/query',
      async handle(exchange) {
        const logstore = admit(deps, exchange);
        const body = await readJson(exchange, BODY_BYTES_MAX);
        const search = explained(() => decodeSearchRequest(body, limits.rowsMax));
        await answerLogs(exchange, (signal) =>
          searchLogs(deps, { logstoreId: logstore.id, index: logstore.index?.config ?? null, ...search }, signal),
        );
      },
    },
    {
      method: 'GET',
      path: '/api/v1/projects/:project/logstores/:logstore/tail',
      async handle(exchange) {
        const logstore = admit(deps, exchange);
        const text = new URLSearchParams(exchange.queryText).get('query') ?? '';
        const query = explained(() => parseQuery(text));
        const after = readCursor(exchange);
        if (tailCount >= TAILS_MAX) throw new ApiError('ServerBusy');
        tailCount += 1;
        try {
          await answerTail(exchange, clock, (signal) => tailOf(deps, logstore, query, after, signal));
        } finally {
          tailCount -= 1;
        }
      },
    },
  ];
}

async function* searchLogs({ store, limits }: QueryDeps, search: Search, signal: AbortSignal): AsyncGenerator<LogRow> {
  const table = await store.table(signal);
  yield* store.query<LogRow>(selectLogs(table, search), limits, signal);
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
