/** Begins an inquiry for a request, which may ask how fresh its answer can be. */
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import type { QueryDeps } from './deps.js';
import { readFreshness } from './freshness.js';
import { Inquiry } from './inquiry.js';
import { openOutflow } from './outflow.js';

/** For the descriptions of routes. */
export const FRESHNESS_PARAMETER = {
  freshness: 'on: meta says how many acknowledged log groups no answer can have yet, and which shards do not say.',
};

/** Throws ParameterInvalid. */
export async function openInquiry(deps: QueryDeps, exchange: Exchange, logstoreId: number): Promise<Inquiry> {
  const { signal } = openOutflow(exchange.response);
  const freshness = new URLSearchParams(exchange.queryText).get('freshness') ?? 'off';
  if (freshness !== 'on' && freshness !== 'off')
    throw new ApiError('ParameterInvalid', { reason: 'freshness: on or off' });
  return new Inquiry(deps, signal, freshness === 'on' ? await readFreshness(deps, logstoreId) : undefined);
}
