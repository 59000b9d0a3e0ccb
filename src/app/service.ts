/** A worker's service from the first connection to the last, as the supervisor sees it. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDomains } from '../admin/domain-routes.js';
import type { ShardFigures } from '../api/status.js';
import type { TrackingAddress } from '../api/tracking.js';
import type { CatalogEvent } from '../catalog/catalog.js';
import type { Config } from '../config.js';
import type { RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import { openApiRoute } from '../http/openapi.js';
import type { TlsFiles } from '../http/tls-files.js';
import type { Readiness, StoreState } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import { systemClock } from '../platform/clock.js';
import { readVersion } from '../platform/version.js';
import type { Replays } from '../quarantine/replayer.js';
import type { App } from '../supervisor/app-contract.js';
import { adminRoutes } from './admin-routes.js';
import { orBusy } from './any-shard.js';
import { ownFigures, ownReadiness } from './condition.js';
import { watchGauges } from './gauges.js';
import { closeServer, listen, openAdminServer, openPublicServer } from './listeners.js';
import type { NodeTasks } from './node-tasks.js';
import type { Parts } from './parts.js';
import { publicRoutes } from './public-routes.js';
import { guardSettings } from './settings.js';

export class Service implements App {
  readonly #parts: Parts;
  /** In the first worker of a node that has a store. */
  readonly #tasks: NodeTasks | undefined;
  readonly #tls: TlsFiles | undefined;
  readonly #publicServer: Server;
  readonly #adminServer: Server;
  #storeState: StoreState | undefined;
  publicUrl = '';
  adminUrl = '';

  /** `tls` is the public listener's, if it speaks https. */
  constructor(parts: Parts, tasks: NodeTasks | undefined, tls: TlsFiles | undefined) {
    this.#parts = parts;
    this.#tasks = tasks;
    this.#tls = tls;
    this.#storeState = parts.deps.store;
    watchGauges(parts, tasks, tls, () => this.#isStoreUp);
    const ofPublic = publicRoutes(parts);
    const ofAdmin = adminRoutes({
      parts,
      replays: (call) => orBusy(parts.deps.supervisor.replays(call)),
      trackingAddress: () => this.#trackingAddress(),
    });
    const version = readVersion();
    this.#publicServer = openPublicServer(parts, [...ofPublic, openApiRoute(version, ofPublic)], tls);
    // Who runs the service sees both.
    this.#adminServer = openAdminServer(parts, [...ofAdmin, openApiRoute(version, [...ofPublic, ...ofAdmin])]);
  }

  async listen(): Promise<void> {
    const { config } = this.#parts.deps;
    this.publicUrl = await listen(this.#publicServer, config.listen);
    this.adminUrl = await listen(this.#adminServer, config.adminListen);
  }

  ready(): Readiness {
    return ownReadiness(this.#parts);
  }

  status(): ShardFigures {
    return ownFigures(this.#parts);
  }

  position(question: ShardQuestion): ShardPosition | undefined {
    return this.#parts.spools.position(question);
  }

  passage(question: PassageQuestion): Promise<Passage> | undefined {
    return this.#parts.spools.passage(question);
  }

  readonly replays: Replays = async (call) => {
    if (this.#tasks === undefined) throw new Error('this worker does not replay');
    return this.#tasks.replayer.answer(call);
  };

  metrics(): Promise<object> {
    return this.#parts.metrics.registry.getMetricsAsJSON();
  }

  refusals(question: RefusalQuestion): RefusalAnswer {
    return this.#parts.refusals.answer(question);
  }

  applyEvents(events: readonly CatalogEvent[]): void {
    this.#parts.catalog.apply(events);
    this.#tasks?.keepUp();
  }

  applyConfig(config: Config): void {
    const { settings, guard, deps } = this.#parts;
    settings.apply(config);
    guard.configure(guardSettings(config));
    deps.log.level = config.logLevel;
    this.#tasks?.keepUp();
  }

  storeChanged(state: StoreState): void {
    this.#storeState = state;
    if (state.isUp) this.#tasks?.keepUp();
  }

  async drain(msMax: number): Promise<void> {
    const { deps, store, spools, schemaWatch, stopping } = this.#parts;
    const untilMs = systemClock.monotonicMs() + msMax;
    stopping.abort();
    await sleep(deps.config.shutdownDelay);
    await Promise.all([this.#publicServer, this.#adminServer].map((server) => closeServer(server)));
    await this.#tasks?.replayer.close();
    await spools.close(untilMs);
    await this.#tasks?.close();
    await schemaWatch.close();
    this.#tls?.close();
    await store?.close();
  }

  /** The supervisor knows about a process of ours, and the worker itself about servers. */
  get #isStoreUp(): boolean {
    const { deps, store } = this.#parts;
    if (deps.config.store !== 'cluster') return this.#storeState?.isUp ?? false;
    return store?.servers().some(({ isUp }) => isUp) ?? false;
  }

  #trackingAddress(): TrackingAddress {
    const { settings, catalog } = this.#parts;
    const domains = listDomains(settings.domains, catalog).map(({ host, project }) => ({ host, project }));
    const { protocol, port } = new URL(this.publicUrl);
    const scheme = protocol === 'https:' ? 'https' : 'http';
    return {
      scheme,
      port: Number(port || (scheme === 'https' ? 443 : 80)),
      endpoints: settings.domains.endpoints,
      domains,
      defaultProject: this.#parts.deps.config.defaultProject,
    };
  }
}
