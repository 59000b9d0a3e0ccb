/** The routes of the public listener. */
import { livenessRoute } from '../admin/health.js';
import { QuarantineLimit } from '../guard/quarantine-limit.js';
import { createBodyReader } from '../http/body.js';
import type { Route } from '../http/route.js';
import { systemClock } from '../platform/clock.js';
import { trackingRoutes } from '../tracking/routes.js';
import { tooLarge } from '../tracking/settings.js';
import { groupStoreDeps, targetFinder } from './group-store-deps.js';
import type { Parts } from './parts.js';
import { signedRoutes } from './signed-routes.js';

export function publicRoutes(parts: Parts): Route[] {
  const { deps, buffers, inFlight, guard, refusals, metrics } = parts;
  const { config } = deps;
  return [
    livenessRoute,
    ...trackingRoutes({
      ...groupStoreDeps(parts),
      ...targetFinder(parts),
      settings: config,
      guard,
      refusals,
      quarantineLimit: new QuarantineLimit(
        { logsPerSecond: config.quarantineLogs, bytesPerSecond: config.quarantineBytes },
        systemClock,
      ),
      onQuarantined: (logs) => metrics.countQuarantined(logs),
      bodies: createBodyReader(buffers, inFlight, () => tooLarge(config)),
    }),
    ...(config.publicApi === 'on' ? signedRoutes(parts) : []),
  ];
}
