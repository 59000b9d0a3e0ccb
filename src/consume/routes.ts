/** The signed APIs that consume, as SLS has them. */
import type { Route } from '../http/route.js';
import type { ConsumeDeps } from './deps.js';
import { groupRoutes } from './group-routes.js';
import { shardRoutes } from './shard-routes.js';

export function consumeRoutes(deps: ConsumeDeps): Route[] {
  return [...shardRoutes(deps), ...groupRoutes(deps)];
}
