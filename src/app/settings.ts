/** The settings as they were read last, in the shapes in which parts look at them. Most hold as they were at the start. */
import type { IncomingMessage } from 'node:http';
import type { DomainSettings } from '../admin/domain-routes.js';
import type { MemoryCatalog } from '../catalog/view.js';
import type { Config } from '../config.js';
import type { GuardSettings } from '../guard/guard.js';
import { createClientAddress } from '../http/client-address.js';
import { createHostResolver, type HostProject } from '../http/host.js';
import type { QueryLimits } from '../store/store.js';

export class CurrentSettings {
  readonly #catalog: MemoryCatalog;
  #config: Config;
  #hosts: (host: string | undefined) => HostProject;
  #clients: (request: IncomingMessage) => string;

  constructor(config: Config, catalog: MemoryCatalog) {
    this.#catalog = catalog;
    this.#config = config;
    this.#hosts = openHosts(config, catalog);
    this.#clients = createClientAddress(config.trustedProxies);
  }

  apply(config: Config): void {
    this.#config = config;
    this.#hosts = openHosts(config, this.#catalog);
    this.#clients = createClientAddress(config.trustedProxies);
  }

  readonly resolveHost = (host: string | undefined): HostProject => this.#hosts(host);

  readonly clientAddress = (request: IncomingMessage): string => this.#clients(request);

  /** As they are at any moment; what is fixed is not looked up. */
  queryLimits(fixed: Partial<QueryLimits> = {}): QueryLimits {
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

  get storeBytesMax(): number {
    return this.#config.storeBytesMax;
  }

  /** As they are at any moment. */
  get domains(): DomainSettings {
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
}

export function guardSettings(config: Config): GuardSettings {
  return {
    address: { requestsPerSecond: config.quotaAddressRequests, bytesPerSecond: config.quotaAddressBytes },
    exemptAddresses: config.quotaExemptAddresses,
    origin: { requestsPerSecond: config.quotaOriginRequests, bytesPerSecond: config.quotaOriginBytes },
    logstore: { requestsPerSecond: config.quotaLogstoreRequests, bytesPerSecond: config.quotaLogstoreBytes },
    project: { requestsPerSecond: config.quotaProjectRequests, bytesPerSecond: config.quotaProjectBytes },
    blockedAddresses: config.blockedAddresses,
  };
}

function openHosts({ endpoint, domains }: Config, catalog: MemoryCatalog): (host: string | undefined) => HostProject {
  return createHostResolver({
    endpoints: endpoint,
    domains: new Map(domains.map(({ host, project }) => [host, project])),
    registered: () => catalog.domains(),
  });
}
