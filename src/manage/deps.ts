import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import type { Gate } from '../http/auth/gate.js';
import type { BodyReader } from '../http/body.js';
import type { Shards } from '../model/shards.js';

/** What the management of projects, logstores and indexes needs. */
export interface ManageDeps {
  readonly gate: Gate;
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly bodies: BodyReader;
  readonly shards: Shards;
}
