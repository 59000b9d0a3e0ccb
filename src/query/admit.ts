/** The logstore that a request asks about. */
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';

export interface AdmitDeps {
  readonly view: CatalogView;
  /** Throws an ApiError if the request may not read. */
  readonly authorize: (exchange: Exchange) => unknown;
}

/** The logstore of the path, for one who may read it. */
export function admit({ authorize, view }: AdmitDeps, exchange: Exchange): Logstore {
  authorize(exchange);
  const { project = '', logstore: name = '' } = exchange.params;
  if (view.project(project) === undefined) throw new ApiError('ProjectNotExist', { project });
  const logstore = view.logstore(project, name);
  if (logstore === undefined) throw new ApiError('LogStoreNotExist', { logstore: name });
  return logstore;
}
