/** What requests of consumers name: a logstore, a shard of it, numbers in parameters. */
import { findLogstore } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import type { Action } from '../http/auth/actions.js';
import type { Admission } from '../http/auth/gate.js';
import type { Exchange } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import type { ConsumeDeps } from './deps.js';

export interface Admitted {
  readonly admission: Admission;
  readonly logstore: Logstore;
  /** The query. An empty value is as good as none. */
  readonly parameter: (name: string) => string | undefined;
}

/** Throws what the gate throws, ProjectNotExist and LogStoreNotExist. */
export function admit({ gate, view }: ConsumeDeps, exchange: Exchange, action: Action): Admitted {
  const admission = gate(exchange, action);
  const logstore = findLogstore(view, admission.project, exchange.params['logstore'] ?? '');
  const query = new URLSearchParams(exchange.queryText);
  return { admission, logstore, parameter: (name) => query.get(name) || undefined };
}

/** Clients number shards from 0 on. Undefined for what is no number. */
export function readShard(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

export function refuse(reason: string): never {
  throw new ApiError('ParameterInvalid', { reason });
}
