/** GetContextLogs: a log, and those around it from the same source. */
import { ApiError } from '../../errors.js';
import { sendBytes } from '../../http/answer.js';
import type { Route } from '../../http/route.js';
import type { Logstore } from '../../model/catalog.js';
import type { Inquiry } from '../inquiry.js';
import { admit, type SlsReadDeps } from './deps.js';
import { printSlsLog } from './log-text.js';
import { packMetas, parsePackId, parsePackMeta } from './pack.js';
import { findInPacks, findPackedLog, type PackedLog } from './pack-context.js';
import { type Given, givenInQuery, readText, readWhole } from './parameters.js';
import { explained } from './trouble.js';

const LINES_MAX = 100;

export function contextRoute(deps: SlsReadDeps): Route {
  return {
    method: 'GET',
    path: '/logstores/:logstore',
    type: 'context_log',
    doc: {
      id: 'GetContextLogs',
      tag: 'SLS: reading',
      summary: 'Logs around one that was found with its pack meta.',
      access: 'signed',
      query: {
        pack_id: 'Of the log.',
        pack_meta: 'Of the log.',
        back_lines: 'Older ones, to 100.',
        forward_lines: 'Newer ones, to 100.',
      },
      answer: { types: ['application/json'] },
      errors: ['ParameterInvalid'],
    },
    async handle(exchange) {
      const { logstore, inquiry } = admit(deps, exchange, 'log:GetLogStoreContextLogs');
      const given = givenInQuery(exchange.queryText);
      const text = await explained(() => findContext(inquiry, logstore, given));
      sendBytes(exchange, 200, 'application/json', text);
    },
  };
}

async function findContext(inquiry: Inquiry, logstore: Logstore, given: Given): Promise<string> {
  const backLines = Math.min(readWhole(given, 'back_lines') ?? 0, LINES_MAX);
  const forwardLines = Math.min(readWhole(given, 'forward_lines') ?? 0, LINES_MAX);
  if (backLines === 0 && forwardLines === 0) {
    throw new ApiError('InvalidParameter', { reason: 'back_lines or forward_lines must be postive.' });
  }
  const log = readPackedLog(given, logstore);
  const start = await findPackedLog(inquiry, log);
  if (start === undefined) throw invalidPack();
  const timeNs = BigInt(start.timeNs);
  const back = await findInPacks(inquiry, log, timeNs, 'back', backLines);
  const forward = await findInPacks(inquiry, log, timeNs, 'forward', forwardLines);
  const rows = [...back.toReversed(), start, ...forward];
  const metaOf = await packMetas(inquiry, logstore, rows);
  const logs = rows.map((row, i) =>
    printSlsLog(row, [
      ['__index_number__', String(i - back.length)],
      ['__pack_meta__', metaOf(row)],
    ]),
  );
  const counts = {
    progress: 'Complete',
    total_lines: logs.length,
    back_lines: back.length,
    forward_lines: forward.length,
  };
  return `${JSON.stringify(counts).slice(0, -1)},"logs":[${logs.join()}]}`;
}

/** Throws InvalidParameter. */
function readPackedLog(given: Given, logstore: Logstore): PackedLog {
  const pack = parsePackId(readText(given, 'pack_id') ?? '');
  const place = parsePackMeta(readText(given, 'pack_meta') ?? '', logstore);
  if (pack === null || place === null) throw invalidPack();
  return { ...place, logstoreId: logstore.id, pack };
}

function invalidPack(): ApiError {
  return new ApiError('InvalidParameter', { reason: 'Invalid pack meta/id.' });
}
