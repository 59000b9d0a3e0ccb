/** The signed APIs for SDKs, on both listeners. */
import { consumeRoutes } from '../consume/routes.js';
import { ApiError } from '../errors.js';
import { createAuthenticator } from '../http/auth/authenticate.js';
import { createGate } from '../http/auth/gate.js';
import { createBodyReader } from '../http/body.js';
import type { Route } from '../http/route.js';
import { manageRoutes } from '../manage/routes.js';
import { systemClock as clock } from '../platform/clock.js';
import { slsReadRoutes } from '../query/sls/routes.js';
import { putLogsRoutes } from '../tracking/put-logs.js';
import { tooLarge } from '../tracking/settings.js';
import { groupStoreDeps } from './group-store-deps.js';
import type { Parts } from './parts.js';

export function signedRoutes(parts: Parts): Route[] {
  const { deps, catalog, store, settings, shards, buffers, inFlight } = parts;
  const { config } = deps;
  const gate = createGate({
    resolveHost: settings.resolveHost,
    defaultProject: config.defaultProject,
    authenticate: createAuthenticator({ findKey: (id) => catalog.accessKey(id), clock }),
  });
  const bodies = createBodyReader(buffers, inFlight, () => new ApiError('JsonBodyInvalid'));
  const putLogsSettings = {
    bodyBytesMax: Math.min(config.putBodyBytesMax, config.inFlightBytesMax, config.spoolSegmentBytesMax),
    logsPerRequestMax: config.putLogsMax,
    nonStringValues: config.nonStringValues,
  };
  return [
    ...putLogsRoutes({
      ...groupStoreDeps(parts),
      gate,
      catalog,
      settings: putLogsSettings,
      bodies: createBodyReader(buffers, inFlight, () => tooLarge(putLogsSettings)),
    }),
    ...manageRoutes({ gate, view: catalog, writer: deps.supervisor, bodies, shards }),
    ...consumeRoutes({
      gate,
      view: catalog,
      store,
      // An answer is limited by its bytes.
      limits: settings.queryLimits({ rowsMax: 0 }),
      bodies,
      clock,
      shards,
      position: parts.anyShard.position,
      groups: deps.supervisor,
    }),
    ...slsReadRoutes({
      gate,
      view: catalog,
      store,
      clock,
      limits: settings.queryLimits(),
      timeZone: config.queryTimeZone,
      bodies,
    }),
  ];
}
