/** The routes of the admin listener. */
import * as path from 'node:path';
import { createAuthorizer } from '../admin/authorize.js';
import { consoleRoutes } from '../admin/console-files.js';
import { domainRoutes } from '../admin/domain-routes.js';
import { healthRoutes } from '../admin/health.js';
import { indexRoutes } from '../admin/index-routes.js';
import { nodeRoutes } from '../admin/node-routes.js';
import { refusalRoutes } from '../admin/refusal-routes.js';
import { routes } from '../admin/routes.js';
import { savedSearchRoutes } from '../admin/saved-search-routes.js';
import { sessionRoutes } from '../admin/session-routes.js';
import { trackingAddressRoute } from '../admin/tracking-address.js';
import type { TrackingAddress } from '../api/tracking.js';
import type { Route } from '../http/route.js';
import { nodeCallRoute } from '../nodes/node-call-route.js';
import { systemClock as clock } from '../platform/clock.js';
import { packageDirectory } from '../platform/version.js';
import type { Replays } from '../quarantine/replayer.js';
import { schemaRoutes } from '../schema-watch/routes.js';
import { testLogRoute } from '../tracking/test-log.js';
import { gatherMetrics, readNode, readStatus } from './condition.js';
import { groupStoreDeps } from './group-store-deps.js';
import type { Parts } from './parts.js';
import { signedRoutes } from './signed-routes.js';
import { storeRoutes } from './store-routes.js';

export interface AdminRoutesDeps {
  readonly parts: Parts;
  /** Of the one worker that replays. */
  readonly replays: Replays;
  /** Where pages send their logs. */
  trackingAddress(): TrackingAddress;
}

export function adminRoutes({ parts, replays, trackingAddress }: AdminRoutesDeps): Route[] {
  const { deps, catalog: view, store, settings, schemaWatch } = parts;
  const authorize = createAuthorizer(view, clock);
  const changing = { view, writer: deps.supervisor, authorize };
  return [
    ...healthRoutes({ readiness: () => readNode(parts), metrics: () => gatherMetrics(deps) }),
    ...consoleRoutes(path.join(packageDirectory(), 'dist', 'console')),
    ...sessionRoutes({ view, clock, clientAddress: settings.clientAddress }),
    ...routes({ ...changing, status: () => readStatus(parts) }),
    ...(store === undefined ? [] : storeRoutes(parts, store, authorize, replays)),
    ...indexRoutes(changing),
    ...domainRoutes({ ...changing, settings: settings.domains }),
    trackingAddressRoute({ view, clock, address: trackingAddress }),
    testLogRoute({
      ...groupStoreDeps(parts),
      catalog: view,
      authorize: (exchange) => authorize(exchange, 'write'),
    }),
    ...savedSearchRoutes(changing),
    ...schemaRoutes({ view, authorize, book: deps.supervisor, report: () => schemaWatch.report() }),
    ...nodeRoutes({
      view,
      authorize,
      reachedNodes: () => deps.supervisor.reachedNodes(null),
      sealNode: (name) => deps.supervisor.sealNode(name),
    }),
    nodeCallRoute({ view, clock, perform: (call) => deps.supervisor.answerNode(call) }),
    ...refusalRoutes({ authorize, askRefusals: (question) => deps.supervisor.askRefusals(question) }),
    ...signedRoutes(parts),
  ];
}
