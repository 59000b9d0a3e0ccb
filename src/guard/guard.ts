/** Who may write without a key. Everything here is decided from the headers, before a body is read. */
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../errors.js';
import type { Logstore } from '../model/catalog.js';
import { OriginRules, type OriginVerdict } from './origin-rules.js';

export class Guard {
  /** Logstores are replaced when they change, so that this has the rules of the present ones. */
  readonly #origins = new WeakMap<Logstore, OriginRules>();

  /**
   * Throws OriginDenied. Returns what would have been refused where the rules are only to report, and null otherwise.
   */
  admit(headers: IncomingHttpHeaders, logstore: Logstore): ApiError | null {
    const { mode } = logstore.writeRules.origins;
    if (mode === 'off') return null;
    const verdict = this.#rulesOf(logstore).check(headers.origin, headers.referer);
    if (verdict === 'allowed') return null;
    const denied = new ApiError('OriginDenied', {}, { fault: FAULTS[verdict] });
    if (mode === 'enforce') throw denied;
    return denied;
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
} as const satisfies Record<Exclude<OriginVerdict, 'allowed'>, object>;
