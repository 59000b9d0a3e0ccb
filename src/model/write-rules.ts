/**
 * What an operator lays down about writing to a logstore: from which pages, under which paths and how much without a key, what
 * is kept of the sender, and how many keys there may be.
 */

export interface WriteRules {
  readonly origins: OriginPolicy;
  readonly quota: WriteQuota;
  readonly clientAddress: AddressPrivacy;
  /** As path-alias.ts has them; each leads to one logstore of a project. */
  readonly pathAliases: readonly string[];
  /** Different keys, whoever writes them: what is over goes into the field `__overflow__`. 0 is no limit. */
  readonly keysMax: number;
}

/** From which web pages may be written. */
export interface OriginPolicy {
  /** `report` accepts all the same, and records what `enforce` would refuse. */
  readonly mode: OriginMode;
  /** Patterns as origin.ts has them. */
  readonly allowed: readonly string[];
  /** What to do with requests that name neither Origin nor Referer, as apps and servers send them. */
  readonly withoutOrigin: 'accept' | 'refuse';
}

export const ORIGIN_MODES = ['off', 'report', 'enforce'] as const;
export type OriginMode = (typeof ORIGIN_MODES)[number];

/** Most patterns that one logstore may have. */
export const ORIGINS_MAX = 2000;

/** Of web tracking, by each worker. 0 is no limit; null is the limit that the service has for all. */
export interface WriteQuota {
  readonly requestsPerSecond: number | null;
  /** As they come over the wire. */
  readonly bytesPerSecond: number | null;
}

/** How much of a client's address is kept: all, its network (/24, /48), a name for it that changes each day, or nothing. */
export const ADDRESS_PRIVACIES = ['whole', 'network', 'pseudonym', 'none'] as const;
export type AddressPrivacy = (typeof ADDRESS_PRIVACIES)[number];

export const DEFAULT_QUOTA: WriteQuota = { requestsPerSecond: null, bytesPerSecond: null };

/** Of a logstore for which nothing was laid down: anyone may write, as with SLS. */
export const OPEN_RULES: WriteRules = {
  origins: { mode: 'off', allowed: [], withoutOrigin: 'refuse' },
  quota: DEFAULT_QUOTA,
  clientAddress: 'whole',
  pathAliases: [],
  keysMax: 2000,
};

/** Most that `keysMax` can be: as many keys the schema watch can list. */
export const KEYS_MAX_MAX = 5000;
