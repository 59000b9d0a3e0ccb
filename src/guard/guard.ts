/** Who may write without a key, and how much. All of it is decided from the headers, before a body is read. */
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError, type Fault } from '../errors.js';
import { AddressRanges } from '../model/address-ranges.js';
import type { Logstore } from '../model/catalog.js';
import { readAddress } from '../model/ip-address.js';
import type { WriteQuota } from '../model/write-rules.js';
import type { Clock } from '../platform/clock.js';
import { OriginRules, type OriginVerdict } from './origin-rules.js';
import { type QuotaSettings, Quotas } from './quotas.js';

export interface GuardSettings extends QuotaSettings {
  /** Networks that may not write without a key. */
  readonly blockedAddresses: readonly string[];
}

export interface GuardDeps {
  readonly settings: GuardSettings;
  /** The quota of a project, by its name. */
  readonly projectQuota: (project: string) => WriteQuota;
  readonly clock: Clock;
}

export class Guard {
  readonly #deps: GuardDeps;
  /** Logstores are replaced when they change, so that this has the rules of the present ones. */
  readonly #origins = new WeakMap<Logstore, OriginRules>();
  #blocked: AddressRanges;
  readonly #quotas: Quotas;
  /** The address of the request that is looked at. */
  readonly #address = new Uint32Array(4);

  constructor(deps: GuardDeps) {
    this.#deps = deps;
    this.#blocked = new AddressRanges(deps.settings.blockedAddresses);
    this.#quotas = new Quotas(deps.settings);
  }

  /** From the next request on. */
  configure(settings: GuardSettings): void {
    this.#blocked = new AddressRanges(settings.blockedAddresses);
    this.#quotas.configure(settings);
  }

  /**
   * Throws AddressBlocked, OriginDenied and those of Quotas. Returns why it would have thrown OriginDenied where the rules are
   * only to report, and null otherwise. `bytes` are those of the body as far as they are known.
   */
  admit(headers: IncomingHttpHeaders, address: string, logstore: Logstore, bytes: number): Fault | null {
    this.#readAddress(address);
    if (!this.#blocked.isEmpty && this.#blocked.has(this.#address)) {
      throw new ApiError('AddressBlocked', {}, { fault: { detail: 'the address of the client is blocked' } });
    }
    const fault = this.#findOriginFault(headers, logstore);
    if (fault !== null && logstore.writeRules.origins.mode === 'enforce') {
      throw new ApiError('OriginDenied', {}, { fault });
    }
    this.#aim(headers, logstore);
    this.#quotas.pass(bytes, this.#deps.clock.monotonicMs());
    return fault;
  }

  /** For a body whose length was not known to `admit`. */
  addBytes(headers: IncomingHttpHeaders, address: string, logstore: Logstore, bytes: number): void {
    this.#readAddress(address);
    this.#aim(headers, logstore);
    this.#quotas.addBytes(bytes, this.#deps.clock.monotonicMs());
  }

  #aim({ origin }: IncomingHttpHeaders, logstore: Logstore): void {
    this.#quotas.aim(this.#address, origin, logstore, this.#deps.projectQuota(logstore.project));
  }

  /** What is no address, as of a client that has gone, counts as one and the same. */
  #readAddress(address: string): void {
    if (!readAddress(address, this.#address)) this.#address.fill(0);
  }

  #findOriginFault({ origin, referer }: IncomingHttpHeaders, logstore: Logstore): Fault | null {
    if (logstore.writeRules.origins.mode === 'off') return null;
    const verdict = this.#rulesOf(logstore).check(origin, referer);
    return verdict === 'allowed' ? null : FAULTS[verdict];
  }

  #rulesOf(logstore: Logstore): OriginRules {
    const known = this.#origins.get(logstore);
    if (known !== undefined) return known;
    const rules = new OriginRules(logstore.writeRules.origins);
    this.#origins.set(logstore, rules);
    return rules;
  }
}

const FAULTS = {
  notListed: { detail: 'the page is not among the origins of the logstore', field: 'Origin' },
  malformed: { detail: 'Origin, or Referer where it decides, is no origin that a browser sends', field: 'Origin' },
  missing: { detail: 'neither Origin nor Referer says which page this comes from', field: 'Origin' },
} as const satisfies Record<Exclude<OriginVerdict, 'allowed'>, Fault>;
