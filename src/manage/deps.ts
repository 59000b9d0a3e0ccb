import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import type { Gate } from '../http/auth/gate.js';
import type { BodyReader } from '../http/body.js';

/** What the management of projects, logstores and indexes needs. */
export interface ManageDeps {
  readonly gate: Gate;
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly bodies: BodyReader;
  /** How many shards every logstore has: one for each worker. */
  readonly shardCount: number;
  /** Shards, as clients number them, that no worker writes any more: their logs can still be consumed. */
  readonly readonlyShards: readonly number[];
}
