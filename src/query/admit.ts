/** The logstore that a request asks about. */
import type { CatalogView } from '../catalog/catalog.js';
import { findReadable } from '../catalog/find.js';
import type { Exchange } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';

export interface AdmitDeps {
  readonly view: CatalogView;
  /** Throws an ApiError if the request may not read. */
  readonly authorize: (exchange: Exchange) => unknown;
}

/** The logstore of the path, for one who may read it. Throws what `authorize` throws, ProjectNotExist, LogStoreNotExist. */
export function admit({ authorize, view }: AdmitDeps, exchange: Exchange): Logstore {
  authorize(exchange);
  const { project = '', logstore = '' } = exchange.params;
  return findReadable(view, project, logstore);
}
