/** What one worker of a node, the first, does for all of it: upkeep of the store, deletions, replays. */
import * as path from 'node:path';
import { Upkeep } from '../admin/upkeep.js';
import { isKeeperShard } from '../model/cluster.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { Mender } from '../quarantine/mend.js';
import { STEP_LOGS_MAX } from '../quarantine/replay.js';
import { openReplayer, type Replayer } from '../quarantine/replayer.js';
import { DeletionRunner } from '../query/deletion/deletion-runner.js';
import type { Store } from '../store/store.js';
import { createScanner } from '../tracking/scan.js';
import type { Parts } from './parts.js';

export class NodeTasks {
  readonly #parts: Parts;
  readonly #store: Store;
  readonly replayer: Replayer;
  readonly #upkeep: Upkeep;
  #deletions: DeletionRunner | undefined;

  /** Replays that were under way go on at once. */
  static async open(parts: Parts, store: Store): Promise<NodeTasks> {
    return new NodeTasks(parts, store, await openNodeReplayer(parts, store));
  }

  private constructor(parts: Parts, store: Store, replayer: Replayer) {
    const { catalog: view, deps, settings } = parts;
    this.#parts = parts;
    this.#store = store;
    this.replayer = replayer;
    this.#upkeep = new Upkeep({
      store,
      view,
      isKeeper: () => isKeeper(parts),
      storeBytesMax: () => settings.storeBytesMax,
      clock: systemClock,
      log: deps.log,
    });
  }

  /** To be called when the worker accepts. */
  begin(): void {
    this.#upkeep.begin();
    this.#deletions = openDeletions(this.#parts, this.#store);
  }

  /** The store, the catalog or the settings are not what they were. */
  keepUp(): void {
    this.#upkeep.begin();
  }

  get deletionAgeSeconds(): number {
    return this.#deletions?.ageSeconds ?? 0;
  }

  get sizes(): Pick<Upkeep['sizes'], 'cutBytes' | 'unreachable'> {
    return this.#upkeep.sizes;
  }

  async close(): Promise<void> {
    await this.#upkeep.close();
    await this.#deletions?.close();
  }
}

function openNodeReplayer(parts: Parts, store: Store): Promise<Replayer> {
  const { deps, catalog, keyCap, settings, shards, anyShard, spools, metrics } = parts;
  const { nonStringValues, data } = deps.config;
  return openReplayer({
    directory: path.join(data, 'replays'),
    disk: realDisk,
    mender: new Mender({ nonStringValues }),
    scanner: createScanner({ nonStringValues, logsMax: STEP_LOGS_MAX }),
    capKeys: (logstore, body) => keyCap.apply(logstore, body),
    store,
    limits: settings.queryLimits(),
    shards,
    ownShard: deps.shard,
    position: anyShard.position,
    spool: spools.own.spool,
    findLogstore: (id) => catalog.logstoreById(id),
    onReplayed: (logs) => metrics.countReplayed(logs),
    clock: systemClock,
    log: deps.log,
  });
}

function openDeletions(parts: Parts, store: Store): DeletionRunner {
  const { deps, catalog, settings, shards, anyShard } = parts;
  return new DeletionRunner({
    deletions: deps.supervisor,
    store,
    erasure: store.erasure,
    view: catalog,
    limits: settings.queryLimits(),
    shards,
    isKeeper: () => isKeeper(parts),
    passage: anyShard.passage,
    clock: systemClock,
    log: deps.log,
  });
}

/** Whether this node does what one does for all. */
function isKeeper({ catalog, deps }: Parts): boolean {
  return isKeeperShard(catalog.nodes(), deps.shard);
}
