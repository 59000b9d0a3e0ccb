/** GetLogs, whose answer is a list of logs with its figures in headers, and GetLogsV2, which has them in its body. */
import { sendBytes } from '../../http/answer.js';
import { answerCodec, compress } from '../../http/compress.js';
import type { Exchange, Route } from '../../http/route.js';
import { readSignedJson } from '../../http/signed-json.js';
import { admit, type Reader, type SlsReadDeps } from './deps.js';
import { findAnswer, type LogsFound, type LogsQuestion, readQuestion } from './logs-question.js';
import { type Given, givenInBody, givenInQuery, readLogsParameters } from './parameters.js';
import { progressOf, queryHeaders } from './query-headers.js';
import { explained } from './trouble.js';

export function logsRoutes(deps: SlsReadDeps): Route[] {
  const find = ({ logstore, inquiry }: Reader, given: Given) =>
    explained(async () => {
      const question = readQuestion(readLogsParameters(given));
      return { question, found: await findAnswer(inquiry, logstore, question, deps.timeZone) };
    });
  return [
    {
      method: 'GET',
      path: '/logstores/:logstore',
      type: 'log',
      doc: {
        id: 'GetLogs',
        tag: 'SLS: reading',
        summary: 'Logs that match, or rows of SQL.',
        access: 'signed',
        query: {
          from: 'Unix seconds; in the range.',
          to: 'Unix seconds; not in the range.',
          query: 'A search, or a search, a bar and SQL.',
          topic: 'Logs of this topic alone.',
          line: 'At most so many, to 100.',
          offset: 'So many are passed over.',
          reverse: 'true: newest first.',
        },
        answer: { types: ['application/json'] },
        errors: ['ParameterInvalid', 'InvalidTimeRange'],
      },
      async handle(exchange) {
        const reader = admit(deps, exchange, 'log:GetLogStoreLogs');
        const { question, found } = await find(reader, givenInQuery(exchange.queryText));
        sendBytes(exchange, 200, 'application/json', `[${found.rows.join()}]`, queryHeaders(question, found));
      },
    },
    {
      method: 'POST',
      path: '/logstores/:logstore/logs',
      doc: {
        id: 'GetLogsV2',
        tag: 'SLS: reading',
        summary: 'The same; parameters are in the body, the answer may be compressed.',
        access: 'signed',
        headers: { 'accept-encoding': 'lz4 or zstd' },
        body: { types: ['application/json'] },
        answer: { types: ['application/json'] },
        errors: ['JsonBodyInvalid', 'ParameterInvalid', 'InvalidTimeRange'],
      },
      async handle(exchange) {
        const reader = admit(deps, exchange, 'log:GetLogStoreLogs');
        const body = await readSignedJson(exchange, reader.admission, deps.bodies);
        const { question, found } = await find(reader, givenInBody(body));
        sendPacked(exchange, `{"meta":${JSON.stringify(metaOf(question, found))},"data":[${found.rows.join()}]}`);
      },
    },
  ];
}

function metaOf({ search, sql }: LogsQuestion, found: LogsFound): object {
  const { rows, keys, columnTypes, limited, isComplete, terms, figures } = found;
  return {
    progress: progressOf(isComplete),
    aggQuery: sql?.text.trim() ?? '',
    whereQuery: search,
    hasSQL: sql !== null,
    processedRows: figures.rowsRead,
    elapsedMillisecond: Math.round(figures.elapsedMs),
    cpuSec: 0,
    cpuCores: 0,
    limited,
    count: rows.length,
    processedBytes: figures.bytesRead,
    // Spelled like this on the wire.
    telementryType: '',
    powerSql: false,
    insertedSQL: '',
    keys,
    terms,
    mode: 0,
    scanBytes: 0,
    isAccurate: true,
    columnTypes,
    highlights: [],
    shard: 0,
  };
}

/** Compressed as the client asks for it. Clients decompress as soon as there is a raw size: it must not be there otherwise. */
function sendPacked(exchange: Exchange, text: string): void {
  const codec = answerCodec(exchange.request.headers['accept-encoding']);
  if (codec === null) {
    sendBytes(exchange, 200, 'application/json', text);
    return;
  }
  const bytes = Buffer.from(text);
  const headers = ['x-log-compresstype', codec, 'x-log-bodyrawsize', String(bytes.length)];
  sendBytes(exchange, 200, 'application/json', compress(bytes, codec), headers);
}
