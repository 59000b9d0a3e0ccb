/**
 * How much may be written without a key: four limits, each in requests and in bytes a second. A request passes if all of them
 * have something left, and only then it costs any of them: who is refused does not use up what others may.
 */
import { ApiError, type ErrorName } from '../errors.js';
import { AddressRanges } from '../model/address-ranges.js';
import type { Logstore } from '../model/catalog.js';
import { isV4 } from '../model/ip-address.js';
import type { WriteQuota } from '../model/write-rules.js';
import { Meter, type Rates } from './meter.js';

export interface QuotaSettings {
  /** Of one client address, IPv4 whole and IPv6 by its /64, which is what one household gets. */
  readonly address: Rates;
  /** Networks whose addresses have no limit of their own. */
  readonly exemptAddresses: readonly string[];
  /** Of one page, by its origin. */
  readonly origin: Rates;
  /** Of a logstore and a project, where the catalog does not say otherwise. */
  readonly logstore: Rates;
  readonly project: Rates;
}

/** A million addresses with room to spare, in 50 MB at most. */
const ADDRESS_PLACES = 2 ** 21;
const ORIGIN_PLACES = 2 ** 16;
/** Of logstores, and of projects. A catalog is smaller by far. */
const NAME_PLACES = 2 ** 16;

export class Quotas {
  readonly #address: Meter;
  readonly #origin: Meter;
  readonly #logstore: Meter;
  readonly #project: Meter;
  #exempt: AddressRanges;

  constructor({ address, exemptAddresses, origin, logstore, project }: QuotaSettings) {
    this.#address = new Meter(address, ADDRESS_PLACES);
    this.#origin = new Meter(origin, ORIGIN_PLACES);
    this.#logstore = new Meter(logstore, NAME_PLACES);
    this.#project = new Meter(project, NAME_PLACES);
    this.#exempt = new AddressRanges(exemptAddresses);
  }

  /** From now on; what was used up before stays so. */
  configure({ address, exemptAddresses, origin, logstore, project }: QuotaSettings): void {
    this.#address.defaults = address;
    this.#origin.defaults = origin;
    this.#logstore.defaults = logstore;
    this.#project.defaults = project;
    this.#exempt = new AddressRanges(exemptAddresses);
  }

  /** Says whose request the next calls are about. `address` is what readAddress makes of one. */
  aim(address: Uint32Array, origin: string | undefined, logstore: Logstore, projectQuota: WriteQuota): void {
    if (this.#project.isLimited(projectQuota)) this.#project.aimAtText(logstore.project);
    if (this.#logstore.isLimited(logstore.writeRules.quota)) this.#logstore.aim(0, logstore.id);
    if (this.#origin.isLimited() && origin !== undefined) this.#origin.aimAtText(origin);
    if (this.#address.isLimited() && !this.#exempt.has(address)) {
      if (isV4(address)) this.#address.aim(0, address[3] as number);
      else this.#address.aim(address[0] as number, address[1] as number);
    }
  }

  /**
   * Takes a request of so many bytes. Throws ProjectRequestQuotaExceed, ProjectByteQuotaExceed and ShardWriteQuotaExceed, and
   * takes nothing then.
   */
  pass(bytes: number, nowMs: number): void {
    refuseAfter(this.#project.requestsWaitMs(nowMs), 'ProjectRequestQuotaExceed', 'requests of the project');
    refuseAfter(this.#project.bytesWaitMs(nowMs), 'ProjectByteQuotaExceed', 'bytes of the project');
    refuseAfter(this.#logstore.requestsWaitMs(nowMs), 'ShardWriteQuotaExceed', 'requests of the logstore');
    refuseAfter(this.#logstore.bytesWaitMs(nowMs), 'ShardWriteQuotaExceed', 'bytes of the logstore');
    refuseAfter(this.#origin.requestsWaitMs(nowMs), 'ShardWriteQuotaExceed', 'requests of the origin');
    refuseAfter(this.#origin.bytesWaitMs(nowMs), 'ShardWriteQuotaExceed', 'bytes of the origin');
    refuseAfter(this.#address.requestsWaitMs(nowMs), 'ShardWriteQuotaExceed', 'requests of the client address');
    refuseAfter(this.#address.bytesWaitMs(nowMs), 'ShardWriteQuotaExceed', 'bytes of the client address');
    this.#take(1, bytes, nowMs);
  }

  /** Takes the bytes of a body whose length was not known before it was there. */
  addBytes(bytes: number, nowMs: number): void {
    this.#take(0, bytes, nowMs);
  }

  #take(requests: number, bytes: number, nowMs: number): void {
    this.#project.take(requests, bytes, nowMs);
    this.#logstore.take(requests, bytes, nowMs);
    this.#origin.take(requests, bytes, nowMs);
    this.#address.take(requests, bytes, nowMs);
  }
}

function refuseAfter(waitMs: number, error: ErrorName, what: string): void {
  if (waitMs <= 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new ApiError(error, { seconds }, { fault: { detail: `too many ${what}` } });
}
