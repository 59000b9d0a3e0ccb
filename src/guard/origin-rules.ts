/**
 * The origins that may write to a logstore, compiled: whatever the number of patterns, a check is one look-up for a page that
 * was there before, and a look-up for each label of its host otherwise.
 */
import {
  OPAQUE_ORIGINS,
  ORIGIN_LENGTH_MAX,
  type Origin,
  originTextOf,
  portOf,
  printOrigin,
  readOrigin,
  readOriginPattern,
} from '../model/origin.js';
import type { OriginPolicy } from '../model/write-rules.js';

export type OriginVerdict = 'allowed' | 'notListed' | 'malformed' | 'missing';

/** A page sends many requests. Over so many pages they are forgotten, and judged again. */
const REMEMBERED_MAX = 4096;

export class OriginRules {
  readonly #remembered = new Map<string, OriginVerdict>();
  /** Origins listed one by one, as browsers write them. */
  readonly #exact = new Set<string>();
  /** By scheme, then by port as in a pattern. */
  readonly #hosts = new Map<string, Map<string, Hosts>>();
  readonly #withoutOrigin: OriginVerdict;

  constructor({ allowed, withoutOrigin }: OriginPolicy) {
    this.#withoutOrigin = withoutOrigin === 'accept' ? 'allowed' : 'missing';
    for (const text of allowed) this.#add(text);
  }

  /** What the headers `Origin` and, where there is none, `Referer` say of the page that sent the request. */
  check(origin: string | undefined, referer: string | undefined): OriginVerdict {
    const text = origin ?? (referer === undefined || referer === '' ? undefined : (originTextOf(referer) ?? referer));
    if (text === undefined) return this.#withoutOrigin;
    if (text.length > ORIGIN_LENGTH_MAX) return 'malformed';
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const verdict = this.#judge(text);
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(text, verdict);
    return verdict;
  }

  #judge(text: string): OriginVerdict {
    if (this.#exact.has(text)) return 'allowed';
    const origin = readOrigin(text);
    if (origin === undefined) return OPAQUE_ORIGINS.includes(text) ? 'notListed' : 'malformed';
    // No browser writes a default port; others may.
    const isPrinted = origin.port !== '' || text.endsWith(origin.host);
    const isListed = this.#isBelow(origin) || (!isPrinted && this.#exact.has(printOrigin(origin)));
    return isListed ? 'allowed' : 'notListed';
  }

  #isBelow({ scheme, host, port }: Origin): boolean {
    const ports = this.#hosts.get(scheme);
    return ports !== undefined && (ports.get(port)?.has(host) || ports.get('*')?.has(host) || false);
  }

  #add(text: string): void {
    if (OPAQUE_ORIGINS.includes(text)) {
      this.#exact.add(text);
      return;
    }
    const pattern = readOriginPattern(text);
    if (pattern === undefined) return;
    const { host, isWildcard } = pattern;
    for (const scheme of pattern.scheme === null ? ['https', 'http'] : [pattern.scheme]) {
      const port = portOf(scheme, pattern.port);
      if (!isWildcard && port !== '*') this.#exact.add(printOrigin({ scheme, host, port }));
      else this.#hostsOf(scheme, port).add(host, isWildcard);
    }
  }

  #hostsOf(scheme: string, port: string): Hosts {
    const ports = this.#hosts.get(scheme) ?? new Map<string, Hosts>();
    this.#hosts.set(scheme, ports);
    const hosts = ports.get(port) ?? new Hosts();
    ports.set(port, hosts);
    return hosts;
  }
}

/** Hosts, single ones and all those below a name. */
class Hosts {
  readonly #names = new Set<string>();
  readonly #parents = new Set<string>();
  /** Labels of the longest parent: a hostile host of a hundred labels costs no more look-ups than the patterns have. */
  #labelsMax = 0;

  add(host: string, isWildcard: boolean): void {
    if (!isWildcard) {
      this.#names.add(host);
      return;
    }
    this.#parents.add(host);
    this.#labelsMax = Math.max(this.#labelsMax, host.split('.').length);
  }

  has(host: string): boolean {
    if (this.#names.has(host)) return true;
    let dot = host.length;
    for (let labels = 0; labels < this.#labelsMax; labels++) {
      dot = host.lastIndexOf('.', dot - 1);
      // Before the first dot there has to be a label.
      if (dot <= 0) return false;
      if (this.#parents.has(host.slice(dot + 1))) return true;
    }
    return false;
  }
}
