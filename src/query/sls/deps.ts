import type { CatalogView } from '../../catalog/catalog.js';
import { findLogstore } from '../../catalog/find.js';
import { ApiError } from '../../errors.js';
import type { Action } from '../../http/auth/actions.js';
import type { Admission, Gate } from '../../http/auth/gate.js';
import type { BodyReader } from '../../http/body.js';
import type { Exchange } from '../../http/route.js';
import type { Logstore } from '../../model/catalog.js';
import type { Clock } from '../../platform/clock.js';
import type { QueryLimits, Store } from '../../store/store.js';
import { Inquiry } from '../inquiry.js';
import { openOutflow } from '../outflow.js';

/** What reading by SLS's APIs needs. */
export interface SlsReadDeps {
  readonly gate: Gate;
  readonly view: CatalogView;
  /** Undefined where logs are kept in the spool alone. */
  readonly store: Store | undefined;
  readonly clock: Clock;
  readonly limits: QueryLimits;
  /** Of SQL; an IANA name. */
  readonly timeZone: string;
  readonly bodies: BodyReader;
}

export interface Reader {
  readonly admission: Admission;
  readonly logstore: Logstore;
  /** Ends when the client goes away. */
  readonly inquiry: Inquiry;
}

/** Whoever may read the logstore of the path. Throws what the gate throws, ProjectNotExist, LogStoreNotExist, NotSupported. */
export function admit(deps: SlsReadDeps, exchange: Exchange, action: Action): Reader {
  const admission = deps.gate(exchange, action);
  const logstore = findLogstore(deps.view, admission.project, exchange.params['logstore'] ?? '');
  return { admission, logstore, inquiry: inquire(deps, exchange) };
}

/** Throws NotSupported. */
export function inquire({ store, clock, limits }: SlsReadDeps, { response }: Exchange): Inquiry {
  if (store === undefined) throw new ApiError('NotSupported', { reason: 'This service runs without a store.' });
  return new Inquiry({ store, clock, limits }, openOutflow(response).signal);
}
