import type { CatalogView } from '../catalog/catalog.js';
import type { Gate } from '../http/auth/gate.js';
import type { BodyReader } from '../http/body.js';
import type { ShardPosition } from '../model/shard-position.js';
import type { Shards } from '../model/shards.js';
import type { Clock } from '../platform/clock.js';
import type { QueryLimits, Store } from '../store/store.js';
import type { ConsumerGroups } from './consumer-groups.js';
import type { ShardPlace } from './statements.js';

/** What reading shards needs. */
export interface ShardReaderDeps {
  readonly store: Store;
  readonly limits: QueryLimits;
  /** Asks whoever writes the shard. */
  readonly position: (place: ShardPlace) => Promise<ShardPosition>;
}

/** What consuming needs. */
export interface ConsumeDeps extends Omit<ShardReaderDeps, 'store'> {
  readonly gate: Gate;
  readonly view: CatalogView;
  /** Without a store there is nothing to be read. */
  readonly store: Store | undefined;
  readonly bodies: BodyReader;
  readonly clock: Clock;
  readonly shards: Shards;
  readonly groups: ConsumerGroups;
}
