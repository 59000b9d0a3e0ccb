/** A custom domain: a host of the operator's own that stands for a project, as pages name it. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

export interface Domain {
  /** Lower-cased, without a port; `readDomainHost` made it. */
  readonly host: string;
  readonly project: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** Of the whole service: every worker has all of them in memory. */
export const DOMAINS_MAX = 1000;

/** In characters, dots included (RFC 1035, section 2.3.4). */
const HOST_LENGTH_MAX = 253;

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`);

/**
 * The host of a custom domain as a browser would send it: lower-cased, and in ASCII where it was written in another script.
 * Undefined for what is none: an address or a name without a dot stands for the service itself.
 */
export function readDomainHost(text: string): string | undefined {
  const host = domainToASCII(text);
  return host.length <= HOST_LENGTH_MAX && HOST.test(host) && isIP(host) === 0 ? host : undefined;
}
