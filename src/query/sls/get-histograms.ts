/** GetHistograms: how many logs there are, bucket by bucket. Clients ask at one of two routes. */
import { ApiError } from '../../errors.js';
import { sendJson } from '../../http/answer.js';
import type { Exchange, Route } from '../../http/route.js';
import type { RouteDoc } from '../../http/route-doc.js';
import { findHistogram } from '../find-histogram.js';
import { chooseWidth, countBuckets } from '../histogram.js';
import { parseQuery } from '../search/parse.js';
import type { TimeRange } from '../selection.js';
import { splitQuery } from '../split-query.js';
import { admit, type SlsReadDeps } from './deps.js';
import { type Given, givenInQuery, readText, readTimeRange, readWhole } from './parameters.js';
import { progressHeaders, progressOf } from './query-headers.js';
import { explained } from './trouble.js';

/** Where the client does not say how wide they are. */
const BUCKETS_MAX = 60;
const ASKED_BUCKETS_MAX = 10_000;

const DOC: RouteDoc = {
  id: 'GetHistograms',
  tag: 'SLS: reading',
  summary: 'How many logs match, bucket by bucket.',
  access: 'signed',
  query: {
    from: 'Unix seconds; in the range.',
    to: 'Unix seconds; not in the range.',
    query: 'A search, or a search, a bar and SQL.',
    topic: 'Logs of this topic alone.',
    interval: 'Width of a bucket in seconds.',
  },
  answer: { types: ['application/json'] },
  errors: ['ParameterInvalid', 'InvalidTimeRange'],
};

export function histogramRoutes(deps: SlsReadDeps): Route[] {
  const handle = async (exchange: Exchange) => {
    const { logstore, inquiry } = admit(deps, exchange, 'log:GetLogStoreHistogram');
    const given = givenInQuery(exchange.queryText);
    const { buckets, reachedNs } = await explained(async () => {
      const range = readTimeRange(given);
      const width = readWidth(given, range);
      const selection = {
        ...range,
        logstoreId: logstore.id,
        index: logstore.index?.config ?? null,
        query: parseQuery(splitQuery(readText(given, 'query') ?? '').search),
        topic: readText(given, 'topic'),
      };
      return findHistogram(inquiry, selection, width);
    });
    const total = buckets.reduce((sum, { count }) => sum + count, 0);
    sendJson(
      exchange,
      200,
      buckets.map(({ fromNs, toNs, count, isCounted }) => ({
        from: seconds(fromNs),
        to: seconds(toNs),
        count,
        progress: progressOf(isCounted),
      })),
      progressHeaders(reachedNs === null, total),
    );
  };
  return ['/logstores/:logstore', '/logstores/:logstore/index'].map((path) => ({
    method: 'GET',
    path,
    type: 'histogram',
    doc: { ...DOC, id: path.endsWith('/index') ? 'GetHistogramsOfIndex' : 'GetHistograms' },
    handle,
  }));
}

/** In seconds. Throws ParameterInvalid. */
function readWidth(given: Given, range: TimeRange): number {
  const asked = readWhole(given, 'interval') ?? 0;
  if (asked === 0) return chooseWidth(range, BUCKETS_MAX);
  if (countBuckets(range, asked) <= ASKED_BUCKETS_MAX) return asked;
  throw new ApiError('ParameterInvalid', { reason: `interval : ${asked} pair is invalid` });
}

function seconds(ns: bigint): number {
  return Number(ns / 1_000_000_000n);
}
