/** GetProjectLogs: SQL that names its logstore and its range of time itself. */
import { findLogstore } from '../../catalog/find.js';
import { ApiError } from '../../errors.js';
import { sendBytes } from '../../http/answer.js';
import type { Route } from '../../http/route.js';
import { findLogstoreName } from '../analytics/logstore-name.js';
import { nanosecondsOf, TIME_SECONDS_MAX } from '../selection.js';
import { inquire, type SlsReadDeps } from './deps.js';
import { findAnswer, type LogsQuestion } from './logs-question.js';
import { givenInQuery, readText } from './parameters.js';
import { queryHeaders } from './query-headers.js';
import { explained } from './trouble.js';

export function projectLogsRoute(deps: SlsReadDeps): Route {
  return {
    method: 'GET',
    path: '/logs',
    doc: {
      id: 'GetProjectLogs',
      tag: 'SLS: reading',
      summary: 'Rows of SQL over the logstore it names, with the range in its WHERE.',
      access: 'signed',
      query: { query: 'SQL.' },
      answer: { types: ['application/json'] },
      errors: ['ParameterInvalid', 'LogStoreNotExist'],
    },
    async handle(exchange) {
      const { project } = deps.gate(exchange, 'log:GetProjectLogs');
      const text = readText(givenInQuery(exchange.queryText), 'query') ?? '';
      const question = questionOf(text);
      const found = await explained(async () => {
        const name = findLogstoreName(text);
        if (name === null)
          throw new ApiError('ParameterInvalid', { reason: 'The query names no logstore behind FROM.' });
        const logstore = findLogstore(deps.view, project, name);
        return findAnswer(inquire(deps, exchange), logstore, question, deps.timeZone);
      });
      sendBytes(exchange, 200, 'application/json', `[${found.rows.join()}]`, queryHeaders(question, found));
    },
  };
}

/** About all time: WHERE says which part. */
function questionOf(text: string): LogsQuestion {
  return {
    query: text,
    fromNs: 0n,
    toNs: nanosecondsOf(TIME_SECONDS_MAX),
    topic: null,
    line: 0,
    offset: 0,
    isReversed: false,
    search: '',
    tree: { kind: 'all' },
    sql: { text, at: 0 },
    withPackMeta: false,
  };
}
