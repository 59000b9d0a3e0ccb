/** ListTopics: the topics of a logstore, by name. Logs without a topic have none, and are in no list. */
import { sendJson } from '../../http/answer.js';
import type { Route } from '../../http/route.js';
import { writeStatement } from '../../store/parameters.js';
import { admit, type SlsReadDeps } from './deps.js';
import { givenInQuery, readText, readWhole } from './parameters.js';
import { headerText } from './query-headers.js';
import { explained } from './trouble.js';

const LINE_MAX = 100;

/** `token` is the topic that the list begins with; the answer names that of the next page, or nothing. */
export function topicsRoute(deps: SlsReadDeps): Route {
  return {
    method: 'GET',
    path: '/logstores/:logstore',
    type: 'topic',
    doc: {
      id: 'ListTopics',
      tag: 'SLS: reading',
      summary: 'Topics that logs of a logstore have.',
      access: 'signed',
      query: { token: 'Where to begin: the topic itself.', line: 'At most so many.' },
      answer: { types: ['application/json'] },
    },
    async handle(exchange) {
      const { logstore, inquiry } = admit(deps, exchange, 'log:ListTopics');
      const given = givenInQuery(exchange.queryText);
      const token = readText(given, 'token') ?? '';
      const line = Math.min(readWhole(given, 'line') ?? LINE_MAX, LINE_MAX);
      const { rows } = await explained(() =>
        inquiry.ask<{ topic: string }>(() =>
          writeStatement(
            (bind) => `SELECT topic
FROM logs
WHERE logstore = ${bind(logstore.id, 'UInt64')} AND topic != '' AND topic >= ${bind(token)}
GROUP BY topic
ORDER BY topic
LIMIT ${bind(line + 1, 'UInt64')}`,
          ),
        ),
      );
      const topics = rows.slice(0, line).map(({ topic }) => topic);
      const next = rows[line]?.topic ?? '';
      sendJson(exchange, 200, topics, ['x-log-count', String(topics.length), 'x-log-nexttoken', headerText(next)]);
    },
  };
}
