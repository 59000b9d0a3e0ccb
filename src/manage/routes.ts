/** The signed APIs that manage projects, logstores, indexes and shards, as SLS has them. */
import type { Route } from '../http/route.js';
import type { ManageDeps } from './deps.js';
import { indexRoutes } from './index-routes.js';
import { logstoreRoutes } from './logstore-routes.js';
import { projectRoutes } from './project-routes.js';
import { shardRoutes } from './shard-routes.js';

export function manageRoutes(deps: ManageDeps): Route[] {
  return [...projectRoutes(deps), ...logstoreRoutes(deps), ...indexRoutes(deps), ...shardRoutes(deps)];
}
