/** The shards whose spools this worker has open: the one that it writes, and those that have no worker any more. */
import * as path from 'node:path';
import type { CatalogView } from '../catalog/catalog.js';
import { type Loader, openLoader } from '../loader/loader.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import { ClusterShards, ownShards } from '../model/shards.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { lockDirectory } from '../platform/lock.js';
import type { Metrics } from '../platform/metrics.js';
import { openSpool, type Spool } from '../spool/spool.js';
import type { Store } from '../store/store.js';
import type { AppDeps } from '../supervisor/app-contract.js';

export interface ShardDeps {
  readonly deps: AppDeps;
  readonly catalog: CatalogView;
  readonly store: Store | undefined;
  readonly metrics: Metrics;
  /** As `findOldShards` found them. */
  readonly oldShards: readonly number[];
}

/** A spool and what loads it; no loader without a store. */
interface Shard {
  readonly spool: Spool;
  readonly loader: Loader | undefined;
}

/** Longest wait for a process that still holds a spool which is to be adopted: its supervisor is gone. */
const ADOPT_MS_MAX = 5000;
/** Of the memory for requests in flight, what is still accepted while the disk stalls. */
const STALL_PART = 0.25;
/** Of the time to stop, what the loader may have at the end: what it does not load now, it loads at the next start. */
const LOADER_PART = 0.5;

/** The shards that have no worker any more, because there are fewer workers than there were. */
export async function findOldShards({ spoolDirectory, config }: AppDeps, view: CatalogView): Promise<number[]> {
  const { written } = view.cluster() === null ? ownShards(config.workers, []) : new ClusterShards(() => view.nodes());
  const entries = await realDisk.list(path.dirname(spoolDirectory));
  return entries
    .filter(({ name }) => /^\d{1,5}$/.test(name) && !written.includes(Number(name)))
    .map(({ name }) => Number(name))
    .sort((a, b) => a - b);
}

/** Opens our own, and in one worker for all the old ones too: what was acknowledged there is still to be loaded. */
export async function openShards(shardDeps: ShardDeps): Promise<OpenShards> {
  const { deps, store } = shardDeps;
  const own = await openShard(shardDeps, deps.spoolDirectory, deps.shard);
  const adopted = store && deps.isFirst ? await adoptShards(shardDeps) : new Map<number, Shard>();
  return new OpenShards(deps.shard, own, adopted);
}

async function openShard(
  { deps, catalog, store, metrics }: ShardDeps,
  directory: string,
  shard: number,
): Promise<Shard> {
  const { config, log } = deps;
  const clock = systemClock;
  const spool = await openSpool({
    directory,
    shard,
    disk: realDisk,
    clock,
    log,
    commitBytesMax: config.spoolCommitBytesMax,
    segmentBytesMax: config.spoolSegmentBytesMax,
    segmentLogsMax: config.spoolSegmentLogsMax,
    segmentAgeMs: config.spoolSegmentAgeMax,
    holdMs: config.spoolHoldAge,
    holdBytesMax: config.spoolHoldBytesMax,
    bytesMax: config.spoolBytesMax,
    freeBytesMin: config.spoolFreeBytesMin,
    stallShedMs: config.commitStallShed,
    stallUnreadyMs: config.commitStallUnready,
    stallBytesMax: config.inFlightBytesMax * STALL_PART,
    onCommit: ({ syncMs }) => metrics.countSync(syncMs),
    batches: deps.batches,
  });
  const loader = store && openLoader({ segments: spool.segments, store, catalog, clock, log });
  return { spool, loader };
}

async function adoptShards(shardDeps: ShardDeps): Promise<Map<number, Shard>> {
  const { spoolDirectory, log } = shardDeps.deps;
  const adopted = new Map<number, Shard>();
  for (const shard of shardDeps.oldShards) {
    const directory = path.join(path.dirname(spoolDirectory), String(shard));
    try {
      await lockDirectory(directory, ADOPT_MS_MAX);
      adopted.set(shard, await openShard(shardDeps, directory, shard));
      log.info({ shard }, 'the shard has no worker any more; its spool is loaded by this one');
    } catch (error) {
      log.error({ err: error, directory }, 'the spool of a shard without a worker cannot be opened');
    }
  }
  return adopted;
}

/** Of each spool; the sum of them says something. */
type SpoolFigure = 'bytes' | 'unloadedSegments' | 'heldBytes' | 'quarantinedPlaces' | 'setAsideSegments';

export class OpenShards {
  readonly #ownNumber: number;
  /** The shard that this worker writes. */
  readonly own: Shard;
  /** Shards that are only loaded. */
  readonly #adopted: ReadonlyMap<number, Shard>;

  constructor(ownNumber: number, own: Shard, adopted: ReadonlyMap<number, Shard>) {
    this.#ownNumber = ownNumber;
    this.own = own;
    this.#adopted = adopted;
  }

  /** How far a shard has come whose spool is open here; undefined for any other. */
  position({ logstoreId, shard }: ShardQuestion): ShardPosition | undefined {
    const asked = this.#find(shard);
    return asked && { ...asked.spool.position(logstoreId), storeRun: asked.loader?.trustedRun ?? null };
  }

  /** How far a spool that is open here has let go of its segments; undefined for any other. */
  passage({ shard, upTo }: PassageQuestion): Promise<Passage> | undefined {
    const asked = this.#find(shard);
    return asked && passageOf(asked, upTo);
  }

  sum(figure: SpoolFigure): number {
    return this.#all.reduce((sum, { spool }) => sum + spool.status()[figure], 0);
  }

  get lagSeconds(): number {
    return Math.max(...this.#all.map(({ loader }) => loader?.status().lagMs ?? 0)) / 1000;
  }

  get loadedLogs(): number {
    return this.#all.reduce((sum, { loader }) => sum + (loader?.status().loadedLogs ?? 0), 0);
  }

  /** Seals and syncs the spools, and loads what there is time for until `untilMs` of the monotonic clock. */
  async close(untilMs: number): Promise<void> {
    await Promise.all(this.#all.map(({ spool }) => spool.close()));
    const loaderMs = (untilMs - systemClock.monotonicMs()) * LOADER_PART;
    await Promise.all(this.#all.map(({ loader }) => loader?.close(loaderMs)));
  }

  #find(shard: number): Shard | undefined {
    return shard === this.#ownNumber ? this.own : this.#adopted.get(shard);
  }

  get #all(): readonly Shard[] {
    return [this.own, ...this.#adopted.values()];
  }
}

async function passageOf({ spool, loader }: Shard, upTo: number | null): Promise<Passage> {
  const passage = await spool.passage(upTo);
  const there = [passage.oldest, loader?.atHand ?? null].filter((segment) => segment !== null);
  return { ...passage, oldest: there.length === 0 ? null : Math.min(...there) };
}
