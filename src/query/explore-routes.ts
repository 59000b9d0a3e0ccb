/** Our own calls whose answers are one JSON object: what a console shows around and beside the logs themselves. */
import { ApiError } from '../errors.js';
import { sendBytes } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { RouteDoc } from '../http/route-doc.js';
import { admit } from './admit.js';
import { answerText, logEntryText, metaOf, secondsOf } from './answer-json.js';
import { findLog, findNearest } from './context.js';
import { BODY_BYTES_MAX, logstorePath, type QueryDeps } from './deps.js';
import { findFacet } from './facets.js';
import { listFields } from './field-list.js';
import { findHistogram } from './find-histogram.js';
import { chooseWidth } from './histogram.js';
import { findSeries } from './histogram-series.js';
import type { Inquiry } from './inquiry.js';
import { parsePlace } from './log-place.js';
import { FRESHNESS_PARAMETER, openInquiry } from './open-inquiry.js';
import {
  CONTEXT,
  decodeContextRequest,
  decodeFacetsRequest,
  decodeFieldsRequest,
  decodeHistogramRequest,
  FACETS,
  FIELDS,
  HISTOGRAM,
} from './requests.js';
import type { Selection } from './selection.js';
import { explainTrouble } from './trouble.js';

/** What finds an answer, as JSON text. `scope` is what every selection of logs of this logstore begins with. */
type Explore = (inquiry: Inquiry, scope: Scope, body: unknown) => Promise<string>;
type Scope = Pick<Selection, 'logstoreId' | 'index'>;

export function exploreRoutes(deps: QueryDeps): Route[] {
  const answer = async (exchange: Exchange, find: (inquiry: Inquiry, scope: Scope) => Promise<string>) => {
    const { id, index } = admit(deps, exchange);
    try {
      const inquiry = await openInquiry(deps, exchange, id);
      const text = await find(inquiry, { logstoreId: id, index: index?.config ?? null });
      sendBytes(exchange, 200, 'application/json', text, ['Cache-Control', 'no-store']);
    } catch (thrown) {
      throw explainTrouble(thrown);
    }
  };
  const post = (call: string, doc: RouteDoc, find: Explore): Route => ({
    method: 'POST',
    path: logstorePath(call),
    doc,
    handle: (exchange) =>
      answer(exchange, async (inquiry, scope) => find(inquiry, scope, await readJson(exchange, BODY_BYTES_MAX))),
  });
  return [
    post(
      'histogram',
      {
        id: 'countLogs',
        tag: 'Asking',
        summary: 'How many logs match, bucket by bucket, and by the values of a field.',
        access: 'key',
        query: FRESHNESS_PARAMETER,
        body: { schema: HISTOGRAM },
        answer: { types: ['application/json'] },
        errors: ['InvalidTimeRange'],
      },
      countLogs,
    ),
    post(
      'facets',
      {
        id: 'countValues',
        tag: 'Asking',
        summary: 'The most frequent values of fields.',
        access: 'key',
        query: FRESHNESS_PARAMETER,
        body: { schema: FACETS },
        answer: { types: ['application/json'] },
        errors: ['InvalidTimeRange'],
      },
      countValues,
    ),
    post(
      'fields',
      {
        id: 'listFields',
        tag: 'Asking',
        summary: 'The fields that logs have.',
        access: 'key',
        query: FRESHNESS_PARAMETER,
        body: { schema: FIELDS },
        answer: { types: ['application/json'] },
        errors: ['InvalidTimeRange'],
      },
      describeFields,
    ),
    post(
      'context',
      {
        id: 'showContext',
        tag: 'Asking',
        summary: 'The logs around one.',
        access: 'key',
        query: FRESHNESS_PARAMETER,
        body: { schema: CONTEXT },
        answer: { types: ['application/json'] },
        errors: ['LogNotExist'],
      },
      showContext,
    ),
    {
      method: 'GET',
      path: logstorePath('logs/:id'),
      doc: {
        id: 'getLog',
        tag: 'Asking',
        summary: 'One log.',
        access: 'key',
        query: FRESHNESS_PARAMETER,
        answer: { types: ['application/json'] },
        errors: ['LogNotExist'],
      },
      handle: (exchange) => answer(exchange, (inquiry, scope) => showLog(inquiry, scope, exchange.params['id'] ?? '')),
    },
  ];
}

const countLogs: Explore = async (inquiry, scope, body) => {
  const { buckets: bucketsMax, widthSeconds, by, top, ...asked } = decodeHistogramRequest(body);
  const selection = { ...scope, ...asked };
  const width = widthSeconds ?? chooseWidth(selection, bucketsMax);
  const { buckets, reachedNs } = await findHistogram(inquiry, selection, width);
  const series =
    by === undefined || reachedNs !== null ? undefined : await findSeries(inquiry, selection, width, by, top);
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  return JSON.stringify({
    meta: { ...metaOf(inquiry, reachedNs), count, widthSeconds: width },
    buckets: buckets.map(({ fromNs, toNs, count }) => ({ from: secondsOf(fromNs), to: secondsOf(toNs), count })),
    series,
  });
};

const countValues: Explore = async (inquiry, scope, body) => {
  const { fields, top, ...asked } = decodeFacetsRequest(body);
  const facets = [];
  for (const field of fields) facets.push(await findFacet(inquiry, { ...scope, ...asked }, field, top));
  return JSON.stringify({ meta: metaOf(inquiry), facets });
};

const describeFields: Explore = async (inquiry, scope, body) => {
  const { sample, ...asked } = decodeFieldsRequest(body);
  const { sampledLogs, isWhole, fields } = await listFields(inquiry, { ...scope, ...asked }, sample);
  return JSON.stringify({ meta: { ...metaOf(inquiry), sampledLogs, isSampled: !isWhole }, fields });
};

const showContext: Explore = async (inquiry, { logstoreId }, body) => {
  const { id: place, before, after, same } = decodeContextRequest(body);
  const log = await findLog(inquiry, logstoreId, place);
  const around = { logstoreId, place, same };
  const older = await findNearest(inquiry, around, 'newestFirst', before);
  const newer = await findNearest(inquiry, around, 'oldestFirst', after);
  return answerText(metaOf(inquiry), {
    before: `[${older.toReversed().map(logEntryText).join()}]`,
    log: logEntryText(log),
    after: `[${newer.map(logEntryText).join()}]`,
  });
};

async function showLog(inquiry: Inquiry, { logstoreId }: Scope, id: string): Promise<string> {
  const place = parsePlace(id);
  if (place === null) throw new ApiError('LogNotExist', { id });
  const log = await findLog(inquiry, logstoreId, place);
  return answerText(metaOf(inquiry), { log: logEntryText(log) });
}
