import type { CatalogView } from '../../catalog/catalog.js';
import { findLogstore } from '../../catalog/find.js';
import { ApiError } from '../../errors.js';
import type { Action } from '../../http/auth/actions.js';
import type { Admission, Gate } from '../../http/auth/gate.js';
import type { BodyReader } from '../../http/body.js';
import type { Exchange } from '../../http/route.js';
import type { Logstore } from '../../model/catalog.js';
import type { QueryLimits, Store } from '../../store/store.js';

/** What reading by SLS's APIs needs. */
export interface SlsReadDeps {
  readonly gate: Gate;
  readonly view: CatalogView;
  /** Undefined where logs are kept in the spool alone. */
  readonly store: Store | undefined;
  readonly limits: QueryLimits;
  readonly bodies: BodyReader;
}

export interface Reader {
  readonly admission: Admission;
  readonly logstore: Logstore;
  readonly store: Store;
}

/** Whoever may read the logstore of the path. Throws what the gate throws, ProjectNotExist, LogStoreNotExist, NotSupported. */
export function admit({ gate, view, store }: SlsReadDeps, exchange: Exchange, action: Action): Reader {
  const admission = gate(exchange, action);
  const logstore = findLogstore(view, admission.project, exchange.params['logstore'] ?? '');
  return { admission, logstore, store: need(store) };
}

/** Throws NotSupported. */
export function need(store: Store | undefined): Store {
  if (store === undefined) throw new ApiError('NotSupported', { reason: 'This service runs without a store.' });
  return store;
}
