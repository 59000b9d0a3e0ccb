/** Our own query API, on the admin listener: docs/query-api.md */
import type { Route } from '../http/route.js';
import type { QueryDeps } from './deps.js';
import { exploreRoutes } from './explore-routes.js';
import { queryRoute } from './query-route.js';
import { tailRoute } from './tail-route.js';

export function queryRoutes(deps: QueryDeps): Route[] {
  return [queryRoute(deps), ...exploreRoutes(deps), tailRoute(deps)];
}
