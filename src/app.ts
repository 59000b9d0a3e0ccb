/** The wiring: builds every part of a worker and joins their routes. The only file that knows them all. */
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';
import { AggregatorRegistry } from 'prom-client';
import { type Authorize, createAuthorizer } from './admin/authorize.js';
import { consoleRoutes } from './admin/console-files.js';
import { type DomainSettings, domainRoutes, listDomains } from './admin/domain-routes.js';
import { healthRoutes, livenessRoute } from './admin/health.js';
import { indexRoutes } from './admin/index-routes.js';
import { nodeRoutes } from './admin/node-routes.js';
import { describeNode, judgeNode } from './admin/node-status.js';
import { refusalRoutes } from './admin/refusal-routes.js';
import { routes as adminRoutes } from './admin/routes.js';
import { savedSearchRoutes } from './admin/saved-search-routes.js';
import { sessionRoutes } from './admin/session-routes.js';
import { trackingAddressRoute } from './admin/tracking-address.js';
import { Upkeep } from './admin/upkeep.js';
import type { ShardFigures } from './api/status.js';
import type { TrackingAddress } from './api/tracking.js';
import type { CatalogEvent, CatalogView } from './catalog/catalog.js';
import { MemoryCatalog } from './catalog/view.js';
import type { Address } from './config/setting.js';
import type { Config } from './config.js';
import { consumeRoutes } from './consume/routes.js';
import { SealedShards } from './consume/sealed-shards.js';
import { ApiError } from './errors.js';
import { DailyKey } from './guard/daily-key.js';
import { Guard, type GuardSettings } from './guard/guard.js';
import { createKeptAddress, type KeptAddress } from './guard/kept-address.js';
import { QuarantineLimit } from './guard/quarantine-limit.js';
import { type RefusalAnswer, RefusalLog, type RefusalQuestion } from './guard/refusal-log.js';
import { createAuthenticator } from './http/auth/authenticate.js';
import { createGate } from './http/auth/gate.js';
import { createBodyReader } from './http/body.js';
import { BufferPool } from './http/buffer-pool.js';
import { createClientAddress } from './http/client-address.js';
import { createHostResolver, type HostProject } from './http/host.js';
import { InFlight } from './http/in-flight.js';
import { createListener } from './http/listener.js';
import { openApiRoute } from './http/openapi.js';
import { createRequestIds } from './http/request-ids.js';
import type { Exchange, Route } from './http/route.js';
import { openTlsFiles, type TlsFiles } from './http/tls-files.js';
import { type Loader, openLoader } from './loader/loader.js';
import { manageRoutes } from './manage/routes.js';
import { keeperOf, nodeOfShard } from './model/cluster.js';
import type { Readiness, StoreState } from './model/node.js';
import type { ShardPosition, ShardQuestion } from './model/shard-position.js';
import { ClusterShards, ownShards, type Shards } from './model/shards.js';
import type { Passage, PassageQuestion } from './model/spool-passage.js';
import { DEFAULT_QUOTA } from './model/write-rules.js';
import { nodeCallRoute } from './nodes/node-call-route.js';
import { systemClock } from './platform/clock.js';
import { realDisk } from './platform/disk.js';
import { lockDirectory } from './platform/lock.js';
import { Metrics } from './platform/metrics.js';
import { packageDirectory, readVersion } from './platform/version.js';
import { Mender } from './quarantine/mend.js';
import { STEP_LOGS_MAX } from './quarantine/replay.js';
import { openReplayer, type Replayer, type Replays } from './quarantine/replayer.js';
import { quarantineRoutes } from './quarantine/routes.js';
import { DeletionRunner } from './query/deletion/deletion-runner.js';
import { deletionRoutes } from './query/deletion/routes.js';
import { exportRoutes } from './query/export/routes.js';
import { queryRoutes } from './query/routes.js';
import { slsReadRoutes } from './query/sls/routes.js';
import { schemaRoutes } from './schema-watch/routes.js';
import { WorkerWatch } from './schema-watch/worker-watch.js';
import { openSpool, type Spool } from './spool/spool.js';
import { openStore } from './store/clickhouse.js';
import type { QueryLimits, Store } from './store/store.js';
import type { App, AppDeps } from './supervisor/app-contract.js';
import { openServerStore } from './supervisor/server-store.js';
import type { GroupStoreDeps } from './tracking/group-store.js';
import { KeyCap } from './tracking/key-cap.js';
import { putLogsRoutes } from './tracking/put-logs.js';
import { trackingRoutes } from './tracking/routes.js';
import { createScanner } from './tracking/scan.js';
import { tooLarge } from './tracking/settings.js';
import { pathBehind, type TargetFinder } from './tracking/target.js';
import { testLogRoute } from './tracking/test-log.js';

/** Buffers kept for bodies to come; more than a busy worker needs at a time would only be memory. */
const POOLED_BODY_BYTES_MAX = 16 * 1024 * 1024;
/** Of the memory for requests in flight, what is still accepted while the disk stalls. */
const STALL_PART = 0.25;
/** How often a closing server looks for connections that have become idle. */
const CLOSE_CHECK_MS = 50;
/** Of the time to stop, what the loader may have at the end: what it does not load now, it loads at the next start. */
const LOADER_PART = 0.5;

/** Longest wait for a process that still holds a spool which is to be adopted: its supervisor is gone. */
const ADOPT_MS_MAX = 5000;

/** Resolves when the app accepts. */
export async function openApp(deps: AppDeps): Promise<App> {
  const { config, shard, log, spoolDirectory } = deps;
  const clock = systemClock;
  const catalog = new MemoryCatalog();
  catalog.apply(deps.events);
  const inFlight = new InFlight(config.inFlightBytesMax);
  const metrics = new Metrics();

  const store = openConfiguredStore(deps);
  const openShard = async (directory: string, number: number): Promise<Shard> => {
    const spool = await openSpool({
      directory,
      shard: number,
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
  };
  const tls =
    config.tlsCert === '' ? undefined : await openTlsFiles({ certFile: config.tlsCert, keyFile: config.tlsKey, log });
  const own = await openShard(spoolDirectory, shard);
  const oldShards = await findOldShards(deps, catalog);
  const adopted = store && deps.isFirst ? await adoptShards(oldShards, deps, openShard) : new Map<number, Shard>();
  await deps.batches.allFound();
  const isKeeper = () => {
    const keeper = keeperOf(catalog.nodes());
    return keeper === undefined || keeper === nodeOfShard(catalog.nodes(), shard);
  };
  const upkeep = store && deps.isFirst ? new Upkeep({ store, view: catalog, isKeeper, log }) : undefined;
  const sealedShards = store && new SealedShards(store, clock);
  const shards =
    catalog.cluster() === null ? ownShards(config.workers, oldShards) : new ClusterShards(() => catalog.nodes());
  const app = new Service({ deps, tls, catalog, inFlight, metrics, own, adopted, shards, store, sealedShards, upkeep });
  await app.listen();
  return app;
}

/** Undefined if logs are only kept. */
function openConfiguredStore({ config, store, log }: AppDeps): Store | undefined {
  return config.store === 'cluster' ? openServerStore(config, log) : store && openStore({ socket: store.socket, log });
}

/** A spool and what loads it; no loader without a store. */
interface Shard {
  readonly spool: Spool;
  readonly loader: Loader | undefined;
}

/** The shards that have no worker any more, because there are fewer workers than there were. */
async function findOldShards({ spoolDirectory, config }: AppDeps, view: CatalogView): Promise<number[]> {
  const { written } = view.cluster() === null ? ownShards(config.workers, []) : new ClusterShards(() => view.nodes());
  const entries = await realDisk.list(path.dirname(spoolDirectory));
  return entries
    .filter(({ name }) => /^\d{1,5}$/.test(name) && !written.includes(Number(name)))
    .map(({ name }) => Number(name))
    .sort((a, b) => a - b);
}

/** Opens their spools: what was acknowledged there is still to be loaded. One worker does it for all. */
async function adoptShards(
  oldShards: readonly number[],
  { spoolDirectory, log }: AppDeps,
  openShard: (directory: string, shard: number) => Promise<Shard>,
): Promise<Map<number, Shard>> {
  const adopted = new Map<number, Shard>();
  for (const shard of oldShards) {
    const directory = path.join(path.dirname(spoolDirectory), String(shard));
    try {
      await lockDirectory(directory, ADOPT_MS_MAX);
      adopted.set(shard, await openShard(directory, shard));
      log.info({ shard }, 'the shard has no worker any more; its spool is loaded by this one');
    } catch (error) {
      log.error({ err: error, directory }, 'the spool of a shard without a worker cannot be opened');
    }
  }
  return adopted;
}

interface Parts {
  readonly deps: AppDeps;
  /** Of the public listener, if it speaks https. */
  readonly tls: TlsFiles | undefined;
  readonly catalog: MemoryCatalog;
  readonly inFlight: InFlight;
  readonly metrics: Metrics;
  /** The shard that this worker writes. */
  readonly own: Shard;
  /** Shards that are only loaded. */
  readonly adopted: ReadonlyMap<number, Shard>;
  readonly shards: Shards;
  readonly store: Store | undefined;
  readonly sealedShards: SealedShards | undefined;
  readonly upkeep: Upkeep | undefined;
}

class Service implements App {
  readonly #parts: Parts;
  readonly #publicServer: Server;
  readonly #adminServer: Server;
  readonly #buffers = new BufferPool(POOLED_BODY_BYTES_MAX);
  /** As it was read last; what may not change while we run is as at the start. */
  #config: Config;
  #hosts: (host: string | undefined) => HostProject;
  #clients: (request: IncomingMessage) => string;
  readonly #guard: Guard;
  readonly #keptAddress: KeptAddress;
  readonly #refusals: RefusalLog;
  readonly #keyCap: KeyCap;
  readonly #schemaWatch: WorkerWatch;
  /** In the one worker that replays. */
  #replayer: Replayer | undefined;
  #store: StoreState | undefined;
  /** Aborted when the worker is told to end. */
  readonly #stopping = new AbortController();
  /** One worker carries them out for all. */
  #deletions: DeletionRunner | undefined;
  publicUrl = '';
  adminUrl = '';

  constructor(parts: Parts) {
    const { deps, metrics, inFlight, own, tls } = parts;
    this.#parts = parts;
    this.#store = deps.store;
    this.#config = deps.config;
    this.#hosts = openHosts(deps.config, parts.catalog);
    this.#clients = createClientAddress(deps.config.trustedProxies);
    this.#guard = new Guard({
      settings: guardSettings(deps.config),
      projectQuota: (project) => parts.catalog.project(project)?.quota ?? DEFAULT_QUOTA,
      clock: systemClock,
    });
    this.#keptAddress = createKeptAddress(new DailyKey(systemClock, deps.addressKey));
    this.#refusals = new RefusalLog(systemClock, this.#keptAddress);
    this.#keyCap = new KeyCap(parts.catalog);
    this.#schemaWatch = new WorkerWatch({
      keys: this.#keyCap,
      book: deps.schemas,
      versionKeys: deps.config.schemaVersionKeys,
      log: deps.log,
    });
    metrics.watch('logboom_over_cap_groups', () => this.#keyCap.overGroups);
    metrics.watch('logboom_schema_notices', () => this.#schemaWatch.openNotices);
    metrics.watch('logboom_running_replays', () => this.#replayer?.runningCount ?? 0);
    metrics.watch('logboom_ready', () => Number(this.ready().isReady));
    metrics.watch('logboom_in_flight_bytes', () => inFlight.bytes);
    metrics.watch('logboom_spool_bytes', () => this.#sumSpools('bytes'));
    metrics.watch('logboom_spool_unloaded_segments', () => this.#sumSpools('unloadedSegments'));
    metrics.watch('logboom_spool_held_bytes', () => this.#sumSpools('heldBytes'));
    metrics.watch('logboom_spool_quarantined_places', () => this.#sumSpools('quarantinedPlaces'));
    metrics.watch('logboom_spool_set_aside_segments', () => this.#sumSpools('setAsideSegments'));
    metrics.watch('logboom_disk_free_bytes', () => own.spool.status().freeBytes);
    metrics.watch('logboom_load_lag_seconds', () => this.#lagSeconds());
    metrics.watch('logboom_deletion_age_seconds', () => this.#deletions?.ageSeconds ?? 0);
    metrics.watch('logboom_loaded_logs', () => this.#loadedLogs());
    if (tls !== undefined) metrics.watch('logboom_tls_expires_at_seconds', () => tls.credentials.expiresAt);
    metrics.watch('logboom_store_up', () => Number(this.#isStoreUp));
    const [publicRoutes, adminRoutes] = [this.#publicRoutes(), this.#adminRoutes()];
    const version = readVersion();
    this.#publicServer = this.#openServer('public', [...publicRoutes, openApiRoute(version, publicRoutes)]);
    // Who runs the service sees both.
    this.#adminServer = this.#openServer('admin', [
      ...adminRoutes,
      openApiRoute(version, [...publicRoutes, ...adminRoutes]),
    ]);
  }

  async listen(): Promise<void> {
    const { config } = this.#parts.deps;
    // Which keys there are is known before the first log is accepted.
    await this.#schemaWatch.report();
    this.#replayer = await this.#openReplayer();
    this.publicUrl = await listen(this.#publicServer, config.listen);
    this.adminUrl = await listen(this.#adminServer, config.adminListen);
    this.#parts.upkeep?.begin();
    this.#deletions = this.#openDeletions();
  }

  ready(): Readiness {
    const reason = this.#stopping.signal.aborted ? 'stopping' : this.#parts.own.spool.unreadiness();
    return { isReady: reason === null, reasons: reason === null ? [] : [`shard ${this.#parts.deps.shard}: ${reason}`] };
  }

  /** This worker's figures, for everyone's status page. */
  status(): ShardFigures {
    return {
      spoolBytes: this.#sumSpools('bytes'),
      unloadedSegments: this.#sumSpools('unloadedSegments'),
      loadLagSeconds: this.#lagSeconds(),
      heldBytes: this.#sumSpools('heldBytes'),
      quarantinedPlaces: this.#sumSpools('quarantinedPlaces'),
      setAsideSegments: this.#sumSpools('setAsideSegments'),
      acknowledgedLogs: this.#parts.metrics.storedLogs,
    };
  }

  /** How far a shard has come whose spool is open here; undefined for any other. */
  position({ logstoreId, shard }: ShardQuestion): ShardPosition | undefined {
    const asked = this.#shardOf(shard);
    if (asked === undefined) return undefined;
    return { ...asked.spool.position(logstoreId), storeRun: asked.loader?.trustedRun ?? null };
  }

  /** How far a spool that is open here has let go of its segments; undefined for any other. */
  passage({ shard, upTo }: PassageQuestion): Promise<Passage> | undefined {
    const asked = this.#shardOf(shard);
    return asked && passageOf(asked, upTo);
  }

  #shardOf(shard: number): Shard | undefined {
    const { own, adopted, deps } = this.#parts;
    return shard === deps.shard ? own : adopted.get(shard);
  }

  #askPosition(question: ShardQuestion): Promise<ShardPosition> {
    const { catalog, sealedShards, deps } = this.#parts;
    const own = this.position(question);
    if (own !== undefined) return Promise.resolve(own);
    const isSealed = nodeOfShard(catalog.nodes(), question.shard)?.isSealed ?? false;
    return orBusy(isSealed && sealedShards !== undefined ? sealedShards.position(question) : deps.position(question));
  }

  #askPassage(question: PassageQuestion): Promise<Passage> {
    return this.passage(question) ?? orBusy(this.#parts.deps.passage(question));
  }

  async #openReplayer(): Promise<Replayer | undefined> {
    const { deps, store, own, catalog, shards, metrics } = this.#parts;
    const { config, shard, log, isFirst } = deps;
    if (store === undefined || !isFirst) return undefined;
    const { nonStringValues } = config;
    return openReplayer({
      directory: path.join(config.data, 'replays'),
      disk: realDisk,
      mender: new Mender({ nonStringValues }),
      scanner: createScanner({ nonStringValues, logsMax: STEP_LOGS_MAX }),
      capKeys: (logstore, body) => this.#keyCap.apply(logstore, body),
      store,
      limits: this.#openQueryLimits(),
      shards,
      ownShard: shard,
      position: (question) => this.#askPosition(question),
      spool: own.spool,
      findLogstore: (id) => catalog.logstoreById(id),
      onReplayed: (logs) => metrics.countReplayed(logs),
      clock: systemClock,
      log,
    });
  }

  replays: Replays = async (call) => {
    if (this.#replayer === undefined) throw new Error('this worker does not replay');
    return this.#replayer.answer(call);
  };

  #askReplays: Replays = async (call) => {
    if (this.#replayer !== undefined) return this.#replayer.answer(call);
    try {
      return await this.#parts.deps.replays(call);
    } catch (cause) {
      // Its worker is being started again.
      throw cause instanceof ApiError ? cause : new ApiError('ServerBusy', {}, { cause });
    }
  };

  /** prom-client's metrics as JSON. */
  metrics(): Promise<object> {
    return this.#parts.metrics.registry.getMetricsAsJSON();
  }

  refusals(question: RefusalQuestion): RefusalAnswer {
    return this.#refusals.answer(question);
  }

  /** Brings the view of the catalog up to date, before it returns. */
  applyEvents(events: readonly CatalogEvent[]): void {
    this.#parts.catalog.apply(events);
    this.#parts.upkeep?.begin();
  }

  applyConfig(config: Config): void {
    this.#config = config;
    this.#hosts = openHosts(config, this.#parts.catalog);
    this.#clients = createClientAddress(config.trustedProxies);
    this.#guard.configure(guardSettings(config));
    this.#parts.deps.log.level = config.logLevel;
  }

  storeChanged(state: StoreState): void {
    this.#store = state;
    if (state.isUp) this.#parts.upkeep?.begin();
  }

  /**
   * Not ready any more, waits the configured delay, stops accepting, finishes answers, seals and syncs the spool and
   * closes everything, within `msMax`. The process ends when this resolves.
   */
  async drain(msMax: number): Promise<void> {
    const { deps, upkeep, store, tls } = this.#parts;
    const untilMs = systemClock.monotonicMs() + msMax;
    this.#stopping.abort();
    await sleep(deps.config.shutdownDelay);
    await Promise.all([this.#publicServer, this.#adminServer].map((server) => closeServer(server)));
    await this.#replayer?.close();
    await Promise.all(this.#shards.map(({ spool }) => spool.close()));
    const loaderMs = (untilMs - systemClock.monotonicMs()) * LOADER_PART;
    await Promise.all(this.#shards.map(({ loader }) => loader?.close(loaderMs)));
    await upkeep?.close();
    await this.#schemaWatch.close();
    await this.#deletions?.close();
    tls?.close();
    await store?.close();
  }

  get #shards(): readonly Shard[] {
    return [this.#parts.own, ...this.#parts.adopted.values()];
  }

  #sumSpools(figure: 'bytes' | 'unloadedSegments' | 'heldBytes' | 'quarantinedPlaces' | 'setAsideSegments'): number {
    return this.#shards.reduce((sum, { spool }) => sum + spool.status()[figure], 0);
  }

  #lagSeconds(): number {
    return Math.max(...this.#shards.map(({ loader }) => loader?.status().lagMs ?? 0)) / 1000;
  }

  #loadedLogs(): number {
    return this.#shards.reduce((sum, { loader }) => sum + (loader?.status().loadedLogs ?? 0), 0);
  }

  #openServer(name: 'public' | 'admin', routes: readonly Route[]): Server {
    const { deps, metrics } = this.#parts;
    const { config, log } = deps;
    return createListener({
      routes,
      pathBehind: name === 'public' ? (exchange) => pathBehind(exchange, this.#targetFinder) : undefined,
      crossOrigin: name === 'public',
      requestIds: createRequestIds(systemClock),
      clock: systemClock,
      log,
      connectionsMax: config.connectionsMax,
      headersTimeoutMs: config.headersTimeout,
      requestTimeoutMs: config.requestTimeout,
      keepAliveTimeoutMs: config.keepAliveTimeout,
      tls: name === 'public' ? this.#parts.tls : undefined,
      onAnswer: (status, code) => metrics.countAnswer(name, status, code),
    });
  }

  #publicRoutes(): Route[] {
    const { deps, inFlight, metrics } = this.#parts;
    const { config } = deps;
    return [
      livenessRoute,
      ...trackingRoutes({
        ...this.#groupStoreDeps,
        settings: config,
        ...this.#targetFinder,
        guard: this.#guard,
        refusals: this.#refusals,
        quarantineLimit: new QuarantineLimit(
          { logsPerSecond: config.quarantineLogs, bytesPerSecond: config.quarantineBytes },
          systemClock,
        ),
        onQuarantined: (logs) => metrics.countQuarantined(logs),
        bodies: createBodyReader(this.#buffers, inFlight, () => tooLarge(config)),
      }),
      ...(config.publicApi === 'on' ? this.#signedRoutes() : []),
    ];
  }

  get #targetFinder(): TargetFinder {
    const { deps, catalog } = this.#parts;
    return { resolveHost: (host) => this.#hosts(host), defaultProject: deps.config.defaultProject, catalog };
  }

  /** The APIs for SDKs, on both listeners. */
  #signedRoutes(): Route[] {
    const { deps, inFlight, catalog, store } = this.#parts;
    const { config } = deps;
    const gate = createGate({
      resolveHost: (host) => this.#hosts(host),
      defaultProject: config.defaultProject,
      authenticate: createAuthenticator({ findKey: (id) => catalog.accessKey(id), clock: systemClock }),
    });
    const jsonBodies = createBodyReader(this.#buffers, inFlight, () => new ApiError('JsonBodyInvalid'));
    const settings = {
      bodyBytesMax: Math.min(config.putBodyBytesMax, config.inFlightBytesMax, config.spoolSegmentBytesMax),
      logsPerRequestMax: config.putLogsMax,
      nonStringValues: config.nonStringValues,
    };
    return [
      ...putLogsRoutes({
        ...this.#groupStoreDeps,
        gate,
        catalog,
        settings,
        bodies: createBodyReader(this.#buffers, inFlight, () => tooLarge(settings)),
      }),
      ...manageRoutes({
        gate,
        view: catalog,
        writer: deps.catalog,
        bodies: jsonBodies,
        shards: this.#parts.shards,
      }),
      ...consumeRoutes({
        gate,
        view: catalog,
        store,
        // An answer is limited by its bytes.
        limits: this.#openQueryLimits({ rowsMax: 0 }),
        bodies: jsonBodies,
        clock: systemClock,
        shards: this.#parts.shards,
        position: (question) => this.#askPosition(question),
        groups: deps.groups,
      }),
      ...slsReadRoutes({
        gate,
        view: catalog,
        store,
        clock: systemClock,
        limits: this.#openQueryLimits(),
        timeZone: deps.config.queryTimeZone,
        bodies: jsonBodies,
      }),
    ];
  }

  /** As they are configured at any moment. */
  #openQueryLimits(fixed: Partial<QueryLimits> = {}): QueryLimits {
    const config = () => this.#config;
    return {
      get timeMsMax() {
        return config().queryTimeMax;
      },
      get memoryBytesMax() {
        return config().queryMemoryBytesMax;
      },
      get rowsMax() {
        return fixed.rowsMax ?? config().queryRowsMax;
      },
    };
  }

  get #groupStoreDeps(): GroupStoreDeps {
    const { deps, own, inFlight, metrics } = this.#parts;
    return {
      spool: own.spool,
      inFlight,
      clientAddress: (request) => this.#clients(request),
      keptAddress: this.#keptAddress,
      keyCap: this.#keyCap,
      sampler: this.#schemaWatch.sampler,
      clock: systemClock,
      log: deps.log,
      onStored: (group) => metrics.countStored(group),
      batches: deps.batches,
      onBatch: (outcome, forgotten) => metrics.countBatch(outcome, forgotten),
    };
  }

  #adminRoutes(): Route[] {
    const { deps, catalog, store } = this.#parts;
    const authorize = createAuthorizer(catalog, systemClock);
    return [
      ...healthRoutes({ readiness: () => this.#readNode(), metrics: () => this.#gatherMetrics() }),
      ...consoleRoutes(path.join(packageDirectory(), 'dist', 'console')),
      ...sessionRoutes({
        view: catalog,
        clock: systemClock,
        clientAddress: (request) => this.#clients(request),
      }),
      ...adminRoutes({ view: catalog, writer: deps.catalog, authorize, status: () => this.#describeNode() }),
      ...(store === undefined ? [] : this.#askingRoutes(store, (exchange) => authorize(exchange, 'read'))),
      ...(store === undefined ? [] : this.#quarantineRoutes(store, authorize)),
      ...indexRoutes({ view: catalog, writer: deps.catalog, authorize }),
      ...domainRoutes({ view: catalog, writer: deps.catalog, authorize, settings: this.#domainSettings }),
      ...(store === undefined
        ? []
        : deletionRoutes({
            view: catalog,
            store,
            clock: systemClock,
            limits: this.#openQueryLimits(),
            authorize,
            deletions: deps.deletions,
            shards: this.#parts.shards,
            position: (question) => this.#askPosition(question),
            passage: (question) => this.#askPassage(question),
          })),
      trackingAddressRoute({ view: catalog, clock: systemClock, address: () => this.#trackingAddress() }),
      testLogRoute({ ...this.#groupStoreDeps, catalog, authorize: (exchange) => authorize(exchange, 'write') }),
      ...savedSearchRoutes({ view: catalog, writer: deps.catalog, authorize }),
      ...schemaRoutes({ view: catalog, authorize, book: deps.schemas, report: () => this.#schemaWatch.report() }),
      ...nodeRoutes({
        view: catalog,
        authorize,
        reachedNodes: () => deps.reachedNodes(),
        sealNode: (name) => deps.sealNode(name),
      }),
      nodeCallRoute({ view: catalog, clock: systemClock, perform: (call) => deps.answerNode(call) }),
      ...refusalRoutes({ authorize, askRefusals: (question) => deps.askRefusals(question) }),
      ...this.#signedRoutes(),
    ];
  }

  #trackingAddress(): TrackingAddress {
    const { endpoint, defaultProject } = this.#config;
    const domains = listDomains(this.#domainSettings, this.#parts.catalog).map(({ host, project }) => ({
      host,
      project,
    }));
    const { protocol, port } = new URL(this.publicUrl);
    const scheme = protocol === 'https:' ? 'https' : 'http';
    return {
      scheme,
      port: Number(port || (scheme === 'https' ? 443 : 80)),
      endpoints: endpoint,
      domains,
      defaultProject,
    };
  }

  /** As they are configured at any moment. */
  get #domainSettings(): DomainSettings {
    const config = () => this.#config;
    return {
      get endpoints() {
        return config().endpoint;
      },
      get domains() {
        return config().domains;
      },
    };
  }

  #askingRoutes(store: Store, authorize: (exchange: Exchange) => unknown): Route[] {
    const { config, log } = this.#parts.deps;
    const deps = {
      view: this.#parts.catalog,
      store,
      clock: systemClock,
      limits: this.#openQueryLimits(),
      timeZone: config.queryTimeZone,
      authorize,
      stopping: this.#stopping.signal,
      shards: this.#parts.shards,
      position: (question: ShardQuestion) => this.#askPosition(question),
    };
    return [...queryRoutes(deps), ...exportRoutes({ ...deps, directory: path.join(config.data, 'exports'), log })];
  }

  #quarantineRoutes(store: Store, authorize: Authorize): Route[] {
    const { deps, catalog } = this.#parts;
    return quarantineRoutes({
      view: catalog,
      writer: deps.catalog,
      authorize,
      store,
      limits: this.#openQueryLimits(),
      mender: new Mender(deps.config),
      replays: (call) => this.#askReplays(call),
      stopping: this.#stopping.signal,
    });
  }

  /** The supervisor knows about a process of ours, and the worker itself about servers. */
  get #isStoreUp(): boolean {
    const { deps, store } = this.#parts;
    if (deps.config.store !== 'cluster') return this.#store?.isUp ?? false;
    return store?.servers().some(({ isUp }) => isUp) ?? false;
  }

  #openDeletions(): DeletionRunner | undefined {
    const { store, catalog, deps, shards } = this.#parts;
    if (!store?.erasure || !deps.isFirst) return undefined;
    return new DeletionRunner({
      deletions: deps.deletions,
      store,
      erasure: store.erasure,
      view: catalog,
      limits: this.#openQueryLimits(),
      shards,
      passage: (question) => this.#askPassage(question),
      clock: systemClock,
      log: deps.log,
    });
  }

  /** A single worker need not ask anybody. */
  async #readNode(): Promise<Readiness> {
    const own = this.ready();
    return this.#parts.deps.config.workers === 1 || !own.isReady ? own : judgeNode(await this.#parts.deps.report());
  }

  async #describeNode() {
    const { deps, own, store } = this.#parts;
    const { freeBytes, totalBytes } = own.spool.status();
    return describeNode(await deps.report(), {
      version: readVersion(),
      nowMs: systemClock.wallMs(),
      floorBytes: deps.config.spoolFreeBytesMin,
      disk: { freeBytes, totalBytes },
      storeError: own.loader?.status().lastError ?? null,
      servers: deps.config.store === 'cluster' ? store?.servers() : undefined,
    });
  }

  async #gatherMetrics(): Promise<{ contentType: string; text: string }> {
    const { workers } = await this.#parts.deps.report();
    const registry = AggregatorRegistry.aggregate(
      workers.flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics])),
    );
    return { contentType: registry.contentType, text: await registry.metrics() };
  }
}

function openHosts({ endpoint, domains }: Config, catalog: MemoryCatalog): (host: string | undefined) => HostProject {
  return createHostResolver({
    endpoints: endpoint,
    domains: new Map(domains.map(({ host, project }) => [host, project])),
    registered: () => catalog.domains(),
  });
}

function guardSettings(config: Config): GuardSettings {
  return {
    address: { requestsPerSecond: config.quotaAddressRequests, bytesPerSecond: config.quotaAddressBytes },
    exemptAddresses: config.quotaExemptAddresses,
    origin: { requestsPerSecond: config.quotaOriginRequests, bytesPerSecond: config.quotaOriginBytes },
    logstore: { requestsPerSecond: config.quotaLogstoreRequests, bytesPerSecond: config.quotaLogstoreBytes },
    project: { requestsPerSecond: config.quotaProjectRequests, bytesPerSecond: config.quotaProjectBytes },
    blockedAddresses: config.blockedAddresses,
  };
}

/** What another worker is asked for; it may be being started again. */
function orBusy<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw cause instanceof ApiError ? cause : new ApiError('ServerBusy', {}, { cause });
  });
}

async function passageOf({ spool, loader }: Shard, upTo: number | null): Promise<Passage> {
  const passage = await spool.passage(upTo);
  const there = [passage.oldest, loader?.atHand ?? null].filter((segment) => segment !== null);
  return { ...passage, oldest: there.length === 0 ? null : Math.min(...there) };
}

async function listen(server: Server, { host, port }: Address): Promise<string> {
  server.listen({ host, port });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${server instanceof TlsServer ? 'https' : 'http'}://${name}:${address.port}`;
}

/** Stops accepting at once, and resolves when every answer has been given. Connections are closed as they become idle. */
async function closeServer(server: Server): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), CLOSE_CHECK_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(timer);
}
