/** The tail of a logstore, for as long as the client listens. */
import { ApiError } from '../errors.js';
import type { Exchange, Route } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import { admit } from './admit.js';
import { answerTail } from './answer-tail.js';
import { logstorePath, type QueryDeps } from './deps.js';
import { parseQuery } from './search/parse.js';
import { followLogs, type Tail } from './tail.js';
import { type Cursor, parseCursor } from './tail-cursor.js';
import type { TailEvent } from './tail-event.js';
import { explainTrouble } from './trouble.js';

/** Tails open at a time, in one worker. */
const TAILS_MAX = 50;

export function tailRoute(deps: QueryDeps): Route {
  let tailCount = 0;
  return {
    method: 'GET',
    path: logstorePath('tail'),
    doc: {
      id: 'tail',
      tag: 'Asking',
      summary: 'Logs that match, as they arrive: Server-Sent Events.',
      access: 'key',
      query: {
        query: 'A search.',
        sample: 'on, or off for every log.',
        entries: 'off, or on for logs with their ids.',
      },
      headers: { 'last-event-id': 'Goes on behind this event.' },
      answer: { types: ['text/event-stream'] },
      errors: ['ParameterInvalid'],
    },
    async handle(exchange) {
      const logstore = admit(deps, exchange);
      const tail = decodeTail(exchange, logstore);
      const entries = readSwitch(exchange, 'entries', 'off');
      if (tailCount >= TAILS_MAX) throw new ApiError('ServerBusy');
      tailCount += 1;
      try {
        await answerTail(exchange, deps.clock, entries, (signal) => tailOf(deps, logstore, tail, signal));
      } finally {
        tailCount -= 1;
      }
    },
  };
}

/** Throws ApiError. */
function decodeTail(exchange: Exchange, { id: logstoreId, index }: Logstore): Tail {
  const mayLeaveOut = readSwitch(exchange, 'sample', 'on');
  const after = readCursor(exchange);
  try {
    const query = parseQuery(new URLSearchParams(exchange.queryText).get('query') ?? '');
    return { logstoreId, index: index?.config ?? null, query, after, mayLeaveOut };
  } catch (thrown) {
    throw explainTrouble(thrown);
  }
}

/** Throws ParameterInvalid. */
function readSwitch({ queryText }: Exchange, name: string, absent: 'on' | 'off'): boolean {
  const value = new URLSearchParams(queryText).get(name) ?? absent;
  if (value !== 'on' && value !== 'off') throw refused(`${name}: on or off`);
  return value === 'on';
}

function readCursor({ request }: Exchange): Cursor | null {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return null;
  const cursor = typeof id === 'string' ? parseCursor(id) : null;
  if (cursor === null) throw refused('Last-Event-ID is not an id of a tail.');
  return cursor;
}

/** Ends with an ApiError when the logstore is deleted or the process is about to end. */
async function* tailOf(
  deps: QueryDeps,
  { id, name }: Logstore,
  tail: Tail,
  signal: AbortSignal,
): AsyncGenerator<TailEvent> {
  const { stopping, view } = deps;
  try {
    for await (const event of followLogs(deps, tail, AbortSignal.any([signal, stopping]))) {
      if (view.logstoreById(id) === undefined) throw new ApiError('LogStoreNotExist', { logstore: name });
      yield event;
    }
  } catch (thrown) {
    if (stopping.aborted) throw new ApiError('ServerBusy', {}, { cause: thrown });
    throw thrown;
  }
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}
