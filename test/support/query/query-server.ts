/** The query API on a port of its own, without the rest of the service. Who says `Authorization: Bearer key` may read. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { CatalogView } from '../../../src/catalog/catalog.js';
import { ApiError } from '../../../src/errors.js';
import { createListener } from '../../../src/http/listener.js';
import { systemClock } from '../../../src/platform/clock.js';
import { queryRoutes } from '../../../src/query/routes.js';
import type { QueryLimits } from '../../../src/store/store.js';
import type { Engine } from './engine.js';

export interface QueryServer {
  /** Up to `/projects`. */
  readonly url: string;
  close(): void;
}

export interface QueryServerParts {
  readonly catalog: CatalogView;
  readonly engine: Pick<Engine, 'store' | 'shards' | 'position'>;
  readonly limits: QueryLimits;
  readonly stopping?: AbortSignal;
}

export async function startQueryServer(parts: QueryServerParts): Promise<QueryServer> {
  const { catalog, engine, limits, stopping = new AbortController().signal } = parts;
  const listener = createListener({
    routes: queryRoutes({
      view: catalog,
      store: engine.store,
      shards: engine.shards,
      position: engine.position,
      clock: systemClock,
      limits,
      timeZone: 'UTC',
      stopping,
      authorize: ({ request }) => {
        if (request.headers.authorization !== 'Bearer key') throw new ApiError('MissingAccessKey');
      },
    }),
    crossOrigin: false,
    requestIds: () => '0123456789abcdef01234567',
    clock: systemClock,
    log: pino({ level: 'silent' }),
    connectionsMax: 100,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    keepAliveTimeoutMs: 10_000,
    onAnswer: () => undefined,
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/api/v1/projects`,
    close() {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
