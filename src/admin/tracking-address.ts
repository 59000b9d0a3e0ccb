/** Where pages send their logs: for anyone with a key, as every page that sends knows it too. */
import type { TrackingAddress } from '../api/tracking.js';
import type { CatalogView } from '../catalog/catalog.js';
import { sendJson } from '../http/answer.js';
import type { Route } from '../http/route.js';
import type { Clock } from '../platform/clock.js';
import { identify } from './authorize.js';

export interface TrackingAddressDeps {
  readonly view: Pick<CatalogView, 'accessKey'>;
  readonly clock: Clock;
  /** With the domains of all projects. */
  address(): TrackingAddress;
}

export function trackingAddressRoute({ view, clock, address }: TrackingAddressDeps): Route {
  return {
    method: 'GET',
    path: '/api/v1/tracking',
    doc: {
      id: 'getTrackingAddress',
      tag: 'Operation',
      summary: 'Where pages send their logs to.',
      access: 'key',
      answer: { types: ['application/json'] },
    },
    handle(exchange) {
      const key = identify(view, clock, exchange);
      const all = address();
      const domains = all.domains.filter(({ project }) => key.projects?.includes(project) ?? true);
      sendJson(exchange, 200, { ...all, domains } satisfies TrackingAddress);
    },
  };
}
