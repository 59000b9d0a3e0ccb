/** What the routes, tasks and figures of one worker have in common: one of each. */
import type { MemoryCatalog } from '../catalog/view.js';
import { DailyKey } from '../guard/daily-key.js';
import { Guard } from '../guard/guard.js';
import { createKeptAddress, type KeptAddress } from '../guard/kept-address.js';
import { RefusalLog } from '../guard/refusal-log.js';
import { BufferPool } from '../http/buffer-pool.js';
import { InFlight } from '../http/in-flight.js';
import { ClusterShards, ownShards, type Shards } from '../model/shards.js';
import { DEFAULT_QUOTA } from '../model/write-rules.js';
import { systemClock } from '../platform/clock.js';
import type { Metrics } from '../platform/metrics.js';
import { WorkerWatch } from '../schema-watch/worker-watch.js';
import type { Store } from '../store/store.js';
import type { AppDeps } from '../supervisor/app-contract.js';
import { KeyCap } from '../tracking/key-cap.js';
import { type AnyShard, anyShard } from './any-shard.js';
import type { OpenShards } from './open-shards.js';
import { CurrentSettings, guardSettings } from './settings.js';

/** What is opened before the rest. */
export interface FirstParts {
  readonly deps: AppDeps;
  readonly catalog: MemoryCatalog;
  readonly metrics: Metrics;
  /** Undefined if logs are only kept. */
  readonly store: Store | undefined;
  readonly spools: OpenShards;
  /** Shards that have no worker any more. */
  readonly oldShards: readonly number[];
}

export interface Parts extends Omit<FirstParts, 'oldShards'> {
  readonly settings: CurrentSettings;
  /** Of every logstore, here and elsewhere. */
  readonly shards: Shards;
  readonly anyShard: AnyShard;
  readonly inFlight: InFlight;
  readonly buffers: BufferPool;
  readonly guard: Guard;
  readonly keptAddress: KeptAddress;
  readonly refusals: RefusalLog;
  readonly keyCap: KeyCap;
  readonly schemaWatch: WorkerWatch;
  /** Aborted when the worker is told to end. */
  readonly stopping: AbortController;
}

/** Buffers kept for bodies to come; more than a busy worker needs at a time would only be memory. */
const POOLED_BODY_BYTES_MAX = 16 * 1024 * 1024;

export function openParts({ oldShards, ...first }: FirstParts): Parts {
  const { deps, catalog, store, spools } = first;
  const { config } = deps;
  const keptAddress = createKeptAddress(new DailyKey(systemClock, deps.addressKey));
  const keyCap = new KeyCap(catalog);
  return {
    ...first,
    settings: new CurrentSettings(config, catalog),
    shards:
      catalog.cluster() === null ? ownShards(config.workers, oldShards) : new ClusterShards(() => catalog.nodes()),
    anyShard: anyShard(deps, catalog, store, spools),
    inFlight: new InFlight(config.inFlightBytesMax),
    buffers: new BufferPool(POOLED_BODY_BYTES_MAX),
    guard: new Guard({
      settings: guardSettings(config),
      projectQuota: (project) => catalog.project(project)?.quota ?? DEFAULT_QUOTA,
      clock: systemClock,
    }),
    keptAddress,
    refusals: new RefusalLog(systemClock, keptAddress),
    keyCap,
    schemaWatch: new WorkerWatch({
      keys: keyCap,
      book: deps.supervisor,
      versionKeys: config.schemaVersionKeys,
      log: deps.log,
    }),
    stopping: new AbortController(),
  };
}
