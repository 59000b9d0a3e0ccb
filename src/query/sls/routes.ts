/** Reading by SLS's signed APIs. */
import type { Route } from '../../http/route.js';
import type { SlsReadDeps } from './deps.js';
import { contextRoute } from './get-context-logs.js';
import { histogramRoutes } from './get-histograms.js';
import { logsRoutes } from './get-logs.js';
import { projectLogsRoute } from './get-project-logs.js';
import { topicsRoute } from './list-topics.js';

export function slsReadRoutes(deps: SlsReadDeps): Route[] {
  return [...logsRoutes(deps), ...histogramRoutes(deps), contextRoute(deps), topicsRoute(deps), projectLogsRoute(deps)];
}
