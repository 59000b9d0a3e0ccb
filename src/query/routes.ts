/** Our own query API, on the admin listener: a query over a range of time, what a console shows beside it, and a tail. */
import { ApiError } from '../errors.js';
import { sendBytes } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import { admit } from './admit.js';
import { answerText, logEntryText, metaOf } from './answer-json.js';
import { answerLogs } from './answer-logs.js';
import { answerTail } from './answer-tail.js';
import { BODY_BYTES_MAX, logstorePath, type QueryDeps } from './deps.js';
import { exploreRoutes } from './explore-routes.js';
import { Inquiry } from './inquiry.js';
import { printPlace } from './log-place.js';
import { openOutflow } from './outflow.js';
import { decodeLogsRequest } from './requests.js';
import type { Query } from './search/ast.js';
import { parseQuery } from './search/parse.js';
import { type PlacedRow, type Search, selectLogs } from './search.js';
import { followLogs, type TailEvent } from './tail.js';
import { type Cursor, parseCursor } from './tail-cursor.js';
import { explainTrouble } from './trouble.js';

/** Tails open at a time; each asks the store twice a second. */
const TAILS_MAX = 50;

export function queryRoutes(deps: QueryDeps): Route[] {
  let tailCount = 0;

  return [
    {
      method: 'POST',
      path: logstorePath('query'),
      async handle(exchange) {
        const { id, index } = admit(deps, exchange);
        const body = await readJson(exchange, BODY_BYTES_MAX);
        const request = explained(() => decodeLogsRequest(body, deps.limits));
        const search = { ...request, logstoreId: id, index: index?.config ?? null };
        if (wantsObject(exchange)) await answerObject(deps, exchange, search);
        else await answerLogs(exchange, (signal) => streamLogs(deps, search, signal));
      },
    },
    ...exploreRoutes(deps),
    {
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
    },
  ];
}

/** Whoever does not say so gets the stream. */
function wantsObject({ request }: Exchange): boolean {
  return /\bapplication\/json\b/.test(request.headers.accept ?? '');
}

async function* streamLogs({ store, limits }: QueryDeps, search: Search, signal: AbortSignal) {
  yield* store.query<PlacedRow>(selectLogs(await store.table(signal), search), limits, signal);
}

async function answerObject(deps: QueryDeps, exchange: Exchange, search: Search): Promise<void> {
  const inquiry = new Inquiry(deps, openOutflow(exchange.response).signal);
  const { rows } = await inquiry
    .ask<PlacedRow>((table) => selectLogs(table, search))
    .catch((thrown: unknown) => {
      throw explainTrouble(thrown);
    });
  const last = rows.at(-1);
  const next = last === undefined || rows.length < search.limit ? null : printPlace(last);
  const meta = { ...metaOf(inquiry), count: rows.length, next };
  const text = answerText(meta, { logs: `[${rows.map(logEntryText).join()}]` });
  sendBytes(exchange, 200, 'application/json', text, ['Cache-Control', 'no-store']);
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
