/** Our own call for logs, or for what SQL makes of them: one JSON object, or a stream of lines. */
import { sendBytes } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import { admit } from './admit.js';
import { compileAnalytics } from './analytics/compile.js';
import { type Analysis, analyze } from './analyze.js';
import { answerText, logEntryText, metaOf } from './answer-json.js';
import { answerLines } from './answer-lines.js';
import { BODY_BYTES_MAX, logstorePath, type QueryDeps } from './deps.js';
import { findLogs } from './find-logs.js';
import type { Inquiry } from './inquiry.js';
import { printPlace } from './log-place.js';
import { printLog, printRow } from './log-row.js';
import { FRESHNESS_PARAMETER, openInquiry } from './open-inquiry.js';
import { decodeLogsRequest, LOGS } from './requests.js';
import { type PlacedRow, type Search, selectLogs } from './search.js';
import { explainTrouble } from './trouble.js';

export function queryRoute(deps: QueryDeps): Route {
  return {
    method: 'POST',
    path: logstorePath('query'),
    doc: {
      id: 'query',
      tag: 'Asking',
      summary:
        'Logs that match, or rows of SQL: as lines while they are found, or with Accept: application/json whole.',
      access: 'key',
      query: FRESHNESS_PARAMETER,
      body: { schema: LOGS },
      answer: { types: ['application/x-ndjson', 'application/json'] },
      errors: ['InvalidTimeRange'],
    },
    async handle(exchange) {
      const logstore = admit(deps, exchange);
      const body = await readJson(exchange, BODY_BYTES_MAX);
      try {
        await answer(deps, exchange, logstore.id, decodeQuestion(deps, logstore, body));
      } catch (thrown) {
        throw explainTrouble(thrown);
      }
    },
  };
}

type Question =
  | { readonly kind: 'logs'; readonly search: Search }
  | { readonly kind: 'sql'; readonly analysis: Analysis };

function decodeQuestion({ limits, timeZone }: QueryDeps, logstore: Logstore, body: unknown): Question {
  const { text, at, ...search } = decodeLogsRequest(body, limits);
  const selection = { ...search, logstoreId: logstore.id, index: logstore.index?.config ?? null };
  if (at === null) return { kind: 'logs', search: selection };
  return { kind: 'sql', analysis: { text, at, selection, logstoreName: logstore.name, timeZone } };
}

async function answer(deps: QueryDeps, exchange: Exchange, logstoreId: number, question: Question): Promise<void> {
  if (!wantsObject(exchange)) {
    await answerLines(exchange, (signal) => lines(deps, question, signal));
    return;
  }
  const inquiry = await openInquiry(deps, exchange, logstoreId);
  const text =
    question.kind === 'logs' ? await logsText(inquiry, question.search) : await rowsText(inquiry, question.analysis);
  sendBytes(exchange, 200, 'application/json', text, ['Cache-Control', 'no-store']);
}

/** Whoever does not say so gets the stream. */
function wantsObject({ request }: Exchange): boolean {
  return /\bapplication\/json\b/.test(request.headers.accept ?? '');
}

async function* lines({ store, limits }: QueryDeps, question: Question, signal: AbortSignal): AsyncGenerator<string> {
  const table = await store.table(signal);
  if (question.kind === 'logs') {
    const statement = selectLogs(table, question.search);
    for await (const row of store.query<PlacedRow>(statement, limits, signal)) yield printLog(row);
    return;
  }
  const { statement, columns, readRow } = compileAnalytics({ ...question.analysis, table });
  const names = columns.map(({ name }) => name);
  for await (const row of store.query<Readonly<Record<string, unknown>>>(statement, limits, signal)) {
    yield printRow(names, readRow(row));
  }
}

async function logsText(inquiry: Inquiry, search: Search): Promise<string> {
  const { rows, reachedNs } = await findLogs(inquiry, search);
  const last = rows.at(-1);
  const next = last === undefined || rows.length < search.limit ? null : printPlace(last);
  const meta = { ...metaOf(inquiry, reachedNs), count: rows.length, next };
  return answerText(meta, { logs: `[${rows.map(logEntryText).join()}]` });
}

async function rowsText(inquiry: Inquiry, analysis: Analysis): Promise<string> {
  const { columns, rows, limit } = await analyze(inquiry, analysis);
  return JSON.stringify({ meta: { ...metaOf(inquiry), count: rows.length, limit, columns }, rows });
}
