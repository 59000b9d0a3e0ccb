/**
 * Our query API, where who says `Authorization: Bearer key` may read, and SLS's, where anyone may, of the project `shop`: on a port
 * of their own, without the rest of the service.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { CatalogView } from '../../../src/catalog/catalog.js';
import { ApiError } from '../../../src/errors.js';
import { createBodyReader } from '../../../src/http/body.js';
import { BufferPool } from '../../../src/http/buffer-pool.js';
import { InFlight } from '../../../src/http/in-flight.js';
import { systemClock } from '../../../src/platform/clock.js';
import { queryRoutes } from '../../../src/query/routes.js';
import { slsReadRoutes } from '../../../src/query/sls/routes.js';
import type { QueryLimits } from '../../../src/store/store.js';
import { testListener } from '../test-listener.js';
import type { Engine } from './engine.js';

export interface QueryServer {
  /** Up to `/projects`. */
  readonly url: string;
  /** SLS's: without a path. */
  readonly slsUrl: string;
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
  const shared = { view: catalog, store: engine.store, clock: systemClock, limits, timeZone: 'UTC' };
  const key = { id: 'k', secret: 's', roles: ['read' as const], projects: null, isEnabled: true, createdAt: 0 };
  const listener = testListener({
    routes: [
      ...queryRoutes({
        ...shared,
        shards: engine.shards,
        position: engine.position,
        storedPosition: engine.position,
        stopping,
        authorize: ({ request }) => {
          if (request.headers.authorization !== 'Bearer key') throw new ApiError('MissingAccessKey');
        },
      }),
      ...slsReadRoutes({
        ...shared,
        gate: () => ({ key, project: 'shop', namesProject: true, checkBody: () => undefined }),
        bodies: createBodyReader(new BufferPool(0), new InFlight(1024 * 1024), () => new ApiError('JsonBodyInvalid')),
      }),
    ],
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const slsUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    url: `${slsUrl}/api/v1/projects`,
    slsUrl,
    close() {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
