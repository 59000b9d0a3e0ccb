/**
 * The supervisor of a node: it locks the data directory, is the one writer of the catalog, and keeps the workers and the
 * embedded store running. It handles no request and holds no log, so that little can bring it down.
 */
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Vault } from '../catalog/vault.js';
import { type Catalog, openCatalog } from '../catalog/writer.js';
import type { Config } from '../config.js';
import { type GroupKeeper, openGroupKeeper } from '../consume/group-keeper.js';
import { DailyKey } from '../guard/daily-key.js';
import type { AccessKey } from '../model/catalog.js';
import type { NodeReport } from '../model/node.js';
import { systemClock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { realDisk } from '../platform/disk.js';
import { type DirectoryLock, lockDirectory } from '../platform/lock.js';
import type { StoreLaunch } from '../store/embedded/launch.js';
import type { Listening } from './messages.js';
import { probeAddress } from './probe-address.js';
import { StoreChild } from './store-child.js';
import { storeSocket } from './store-socket.js';
import type { Timing } from './timing.js';
import { Workers } from './workers.js';

/** Workers whose supervisor was killed end within moments, unless their disk has stalled. */
const ORPHANS_MS_MAX = 5000;

/** Of the time a stop may take, the part that is the workers'; the rest is the store's. */
const WORKERS_PART_OF_STOP = 0.7;

export interface SupervisorOptions {
  readonly config: Config;
  /** The compiled module that calls `runWorker`. */
  readonly workerFile: string;
  /** Starts the embedded store's process. */
  launchStore(launch: StoreLaunch): ChildProcess;
  readonly timing: Timing;
  readonly log: Log;
}

export interface Started {
  readonly listening: Listening;
  /** The access key that this start added to the catalog. */
  readonly newKey: AccessKey | undefined;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #startedAtMs = systemClock.wallMs();
  readonly #addressKey = new DailyKey(systemClock);
  #lock: DirectoryLock | undefined;
  #catalog: Catalog | undefined;
  #store: StoreChild | undefined;
  #groups: GroupKeeper | undefined;
  #workers: Workers | undefined;
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when the first worker accepts. Throws what is in the way, and then wants to be stopped as well. */
  async start(): Promise<Started> {
    const { config, timing, log, workerFile } = this.#options;
    this.#lock = await lockDirectory(config.data, 0);
    await waitForOrphans(path.join(config.data, 'spool'));
    const [listen, adminListen] = await Promise.all([probeAddress(config.listen), probeAddress(config.adminListen)]);
    const workerConfig = { ...config, listen, adminListen };
    const firstKey = config.accessKeyId === '' ? undefined : { id: config.accessKeyId, secret: config.accessKeySecret };
    const vault = config.secretsKey === '' ? undefined : new Vault(fs.readFileSync(config.secretsKey));
    const catalog = await openCatalog({ dir: config.data, disk: realDisk, clock: systemClock, log, firstKey, vault });
    this.#catalog = catalog;
    const groups = await openGroupKeeper({
      dir: config.data,
      disk: realDisk,
      clock: systemClock,
      log,
      hasLogstore: (id) => catalog.view.logstoreById(id) !== undefined,
    });
    this.#groups = groups;
    if (this.#isStopping) throw new Error('stopped while starting');
    if (config.store === 'embedded') this.#store = this.#openStore();
    const workers = new Workers({
      count: config.workers,
      workerFile,
      order: (shard) => ({
        shard,
        config: workerConfig,
        events: catalog.snapshot(),
        store: this.#store?.state,
        addressKey: this.#addressKey.ofDay,
        beatEveryMs: timing.beatEveryMs,
      }),
      execute: (command) => catalog.execute(command),
      report: () => this.report(),
      askRefusals: async (question) => (await this.#workers?.askRefusals(question)) ?? [],
      groups,
      timing,
      log,
    });
    this.#workers = workers;
    catalog.onEvents((events) => workers.applyEvents(events));
    this.#store?.start();
    const listening = await workers.startFirst();
    if (this.#isStopping) throw new Error('stopped while starting');
    workers.startRest();
    return { listening, newKey: catalog.newKey };
  }

  async report(): Promise<NodeReport> {
    const workers = (await this.#workers?.reports()) ?? [];
    return { startedAtMs: this.#startedAtMs, workers, store: this.#store?.state };
  }

  /**
   * Ends everything in order: the workers finish what they have accepted, then the store closes, which they need for
   * that. Resolves, within the configured time, to whether nothing had to be cut off.
   */
  async stop(): Promise<boolean> {
    this.#isStopping = true;
    // A service manager may have signalled the store as well.
    this.#store?.retire();
    const { shutdownDelay, shutdownTimeout } = this.#options.config;
    const deadline = systemClock.monotonicMs() + shutdownDelay + shutdownTimeout;
    const workersAreClean = await this.#workers?.stop(shutdownDelay + shutdownTimeout * WORKERS_PART_OF_STOP);
    const storeIsClean = await this.#store?.stop(Math.max(0, deadline - systemClock.monotonicMs()));
    await this.#catalog?.close();
    await this.#groups?.close();
    this.#lock?.release();
    return workersAreClean !== false && storeIsClean !== false;
  }

  /** Ends everything now. Nothing that was acknowledged is lost by it. */
  kill(): void {
    this.#isStopping = true;
    this.#workers?.kill();
    this.#store?.kill();
    this.#lock?.release();
  }

  #openStore(): StoreChild {
    const { config, launchStore, timing, log } = this.#options;
    const socket = storeSocket(config.data);
    return new StoreChild({
      launch: () =>
        launchStore({
          dir: path.join(config.data, 'store'),
          socket,
          memoryBytesMax: config.storeMemoryBytesMax,
          sessions: config.storeSessions,
          logLevel: config.logLevel,
        }),
      socket,
      changed: (state) => this.#workers?.storeChanged(state),
      timing,
      log,
    });
  }
}

/** Waits until no worker of a supervisor that was killed writes to its spool any more, or listens to our ports. */
async function waitForOrphans(spoolDirectory: string): Promise<void> {
  if (!fs.existsSync(spoolDirectory)) return;
  for (const shard of fs.readdirSync(spoolDirectory, { withFileTypes: true })) {
    if (!shard.isDirectory() || !/^\d+$/.test(shard.name)) continue;
    const lock = await lockDirectory(path.join(spoolDirectory, shard.name), ORPHANS_MS_MAX);
    lock.release();
  }
}
