/** Names of the test's own world: everything under `.localhost` is this machine, as RFC 6761 has it and few resolvers do. */
import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

/** For SDKs that put the project into the name of the host. Returns what undoes it. */
export function resolveLocalNames(): () => void {
  const original = dns.lookup;
  const lookup: LookupFunction = (host, options, done) =>
    original(host.endsWith('.localhost') ? '127.0.0.1' : host, options, done);
  // What every connection of this process asks.
  Object.assign(dns, { lookup });
  return () => Object.assign(dns, { lookup: original });
}
