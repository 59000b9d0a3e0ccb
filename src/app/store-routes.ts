/** The routes of the admin listener that there are only where logs are searched: they ask the store. */
import * as path from 'node:path';
import type { Authorize } from '../admin/authorize.js';
import type { Exchange, Route } from '../http/route.js';
import { systemClock as clock } from '../platform/clock.js';
import { Mender } from '../quarantine/mend.js';
import type { Replays } from '../quarantine/replayer.js';
import { quarantineRoutes } from '../quarantine/routes.js';
import { deletionRoutes } from '../query/deletion/routes.js';
import { exportRoutes } from '../query/export/routes.js';
import { queryRoutes } from '../query/routes.js';
import type { Store } from '../store/store.js';
import type { Parts } from './parts.js';

export function storeRoutes(parts: Parts, store: Store, authorize: Authorize, replays: Replays): Route[] {
  const { deps, catalog: view, shards, anyShard, settings } = parts;
  const { config, log } = deps;
  const limits = settings.queryLimits();
  const stopping = parts.stopping.signal;
  const asking = {
    view,
    store,
    clock,
    limits,
    timeZone: config.queryTimeZone,
    authorize: (exchange: Exchange) => authorize(exchange, 'read'),
    stopping,
    shards,
    position: anyShard.position,
    storedPosition: anyShard.storedPosition,
  };
  return [
    ...queryRoutes(asking),
    ...exportRoutes({ ...asking, directory: path.join(config.data, 'exports'), log }),
    ...quarantineRoutes({
      view,
      writer: deps.supervisor,
      authorize,
      store,
      limits,
      mender: new Mender(config),
      replays,
      stopping,
    }),
    ...deletionRoutes({
      view,
      store,
      clock,
      limits,
      authorize,
      deletions: deps.supervisor,
      shards,
      ...anyShard,
    }),
  ];
}
