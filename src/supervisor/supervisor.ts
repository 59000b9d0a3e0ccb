/**
 * The supervisor of a node: it locks the data directory, is the one writer of the catalog, and keeps the workers and the
 * embedded store running. It handles no request and holds no log, so that little can bring it down.
 */
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type BatchKeeper, openBatchKeeper } from '../batches/keeper.js';
import { Vault } from '../catalog/vault.js';
import type { CatalogOptions } from '../catalog/writer.js';
import type { Reloaded } from '../config/reload.js';
import { ConfigError } from '../config/resolve.js';
import type { Address } from '../config/setting.js';
import type { Config } from '../config.js';
import { ApiError } from '../errors.js';
import { DailyKey } from '../guard/daily-key.js';
import type { AccessKey } from '../model/catalog.js';
import { RESTORE_MARK } from '../model/data-directory.js';
import type { NodeReport } from '../model/node.js';
import { systemClock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { realDisk } from '../platform/disk.js';
import { type DirectoryLock, lockDirectory } from '../platform/lock.js';
import type { Replays } from '../quarantine/replayer.js';
import { openSchemaKeeper, type SchemaKeeper } from '../schema-watch/schema-keeper.js';
import type { StoreLaunch } from '../store/embedded/launch.js';
import { stayAlone } from './alone.js';
import type { Company, OwnNode, ShardCalls } from './company.js';
import { claimFormat } from './data-format.js';
import { joinCluster } from './joined.js';
import type { Listening } from './messages.js';
import { probeAddress } from './probe-address.js';
import { openServerStore } from './server-store.js';
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
  /** Reads the settings again, for a service that runs with these. Throws ConfigError. */
  reread(running: Config): Reloaded<Config>;
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
  #company: Company | undefined;
  #store: StoreChild | undefined;
  #schemas: SchemaKeeper | undefined;
  #batches: BatchKeeper | undefined;
  #workers: Workers | undefined;
  readonly #replaced = new AbortController();
  #isStopping = false;
  /** In force at present. */
  #config: Config;
  /** Where workers listen: as configured, but with real ports where any was allowed. */
  #listen: Pick<Config, 'listen' | 'adminListen'>;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#listen = options.config;
  }

  /** Aborts when another process goes on as this node, with an Error that says so: this one has to be killed then. */
  get replaced(): AbortSignal {
    return this.#replaced.signal;
  }

  /** Resolves when the first worker accepts. Throws what is in the way, and then wants to be stopped as well. */
  async start(): Promise<Started> {
    const { config, timing, log, workerFile } = this.#options;
    this.#lock = await lockDirectory(config.data, 0);
    if (fs.existsSync(path.join(config.data, RESTORE_MARK))) {
      throw new Error(`a restore to ${config.data} has not finished: empty the directory and restore again`);
    }
    await claimFormat({ dir: config.data, disk: realDisk, log });
    await waitForOrphans(path.join(config.data, 'spool'));
    const [listen, adminListen] = await Promise.all([probeAddress(config.listen), probeAddress(config.adminListen)]);
    this.#listen = { listen, adminListen };
    const firstKey = config.accessKeyId === '' ? undefined : { id: config.accessKeyId, secret: config.accessKeySecret };
    const vault = config.secretsKey === '' ? undefined : new Vault(fs.readFileSync(config.secretsKey));
    const keeping = { dir: config.data, disk: realDisk, clock: systemClock, log };
    const company = await this.#findCompany({ ...keeping, firstKey, vault });
    this.#company = company;
    const { catalog } = company;
    const hasLogstore = (id: number) => catalog.view.logstoreById(id) !== undefined;
    const schemas = await openSchemaKeeper({ ...keeping, hasLogstore });
    this.#schemas = schemas;
    const batches = await openBatchKeeper({
      dir: config.data,
      disk: realDisk,
      clock: systemClock,
      log,
      countMax: config.batchIdsMax,
      workers: company.shards,
    });
    this.#batches = batches;
    if (this.#isStopping) throw new Error('stopped while starting');
    if (config.store === 'embedded') this.#store = this.#openStore();
    const workers = new Workers({
      shards: company.shards,
      workerFile,
      order: (shard, isFirst) => ({
        shard,
        isFirst,
        config: this.#workerConfig,
        events: catalog.snapshot(),
        store: this.#store?.state,
        addressKey: this.#addressKey.ofDay,
        beatEveryMs: timing.beatEveryMs,
      }),
      execute: (command) => catalog.execute(command),
      report: () => this.report(),
      company,
      schemas,
      batches,
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
   * Reads the settings again. Those that may change while the service runs are in force everywhere when this resolves; if
   * anything is wrong with any setting, none changes. The log says which. Never throws.
   */
  async reload(): Promise<void> {
    const { log, reread } = this.#options;
    try {
      const { values, changed, waiting } = reread(this.#config);
      this.#config = values;
      log.level = values.logLevel;
      this.#store?.setLogLevel(values.logLevel);
      await this.#workers?.applyConfig(this.#workerConfig);
      if (waiting.length > 0) log.warn({ settings: waiting }, 'settings have changed that take a restart');
      log.info({ changed }, 'the settings were read again and are in force');
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems : [String(error)];
      log.error({ problems }, 'the settings were read again and cannot be used; the old ones stay in force');
    }
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
    await this.#company?.close();
    await this.#schemas?.close();
    await this.#batches?.close();
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

  #findCompany(options: CatalogOptions): Promise<Company> {
    const { config, timing } = this.#options;
    const { workers, nodeName, nodeUrl } = config;
    const workersNow = async () => {
      if (this.#workers === undefined) throw new ApiError('ServerBusy');
      return this.#workers;
    };
    const ownShards: ShardCalls = {
      position: async (question) => (await workersNow()).position(question),
      passage: async (question) => (await workersNow()).passage(question),
    };
    const ownReplays: Replays = async (call) => (await workersNow()).replays(call);
    const ownNode: OwnNode = {
      load: () => this.#workers?.load ?? { loadLagSeconds: 0, unloadedSegments: 0 },
      askRefusals: async (question) => (await workersNow()).askRefusals(question),
    };
    if (config.store !== 'cluster') return stayAlone({ ...options, workers, ownShards, ownReplays, ownNode });
    return joinCluster({
      ...options,
      workers,
      ownShards,
      ownReplays,
      ownNode,
      store: openServerStore(config, options.log),
      self: { name: nodeName, url: nodeUrl === '' ? urlOf(this.#listen.adminListen) : nodeUrl },
      answerMsMax: timing.answerMsMax,
      onReplaced: (error) => this.#replaced.abort(error),
    });
  }

  get #workerConfig(): Config {
    return { ...this.#config, ...this.#listen };
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
          logLevel: this.#config.logLevel,
        }),
      socket,
      changed: (state) => this.#workers?.storeChanged(state),
      timing,
      log,
    });
  }
}

/** Where other nodes reach a listener, as far as can be told: one that listens everywhere they know by the machine's name. */
function urlOf({ host, port }: Address): string {
  const name = host === '0.0.0.0' || host === '::' ? os.hostname() : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
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
