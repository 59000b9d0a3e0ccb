/**
 * Which project a request is for, from its Host: a custom domain stands for its project, the one of the settings before the one
 * of the catalog; then a name below an endpoint; then the first label of any other name (docs/configuration.md, *Names*).
 */
import { isIP } from 'node:net';
import { ApiError } from '../errors.js';

export interface HostSettings {
  /** Hosts whose first label below is the project: `logs.example.com` makes `shop.logs.example.com` project `shop`. */
  readonly endpoints: readonly string[];
  /** Project by custom domain, as the settings have it. */
  readonly domains: ReadonlyMap<string, string>;
  /** The custom domains of the catalog; another map after each change. */
  registered(): Registered;
}

type Registered = ReadonlyMap<string, { readonly project: string }>;

/** A project's name, or `unnamed` where the Host is the service itself and the request may name the project otherwise. */
export type HostProject =
  | { readonly kind: 'project'; readonly name: string }
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'none' };

/** More different hosts than this at a time are looked at anew; whoever sends them is not a browser. */
const REMEMBERED_HOSTS_MAX = 1000;

/** Throws MissingHost and InvalidHost. */
export function createHostResolver(settings: HostSettings): (host: string | undefined) => HostProject {
  const remembered = new Map<string, HostProject>();
  let registered = settings.registered();
  return (host) => {
    if (host === undefined || host === '') throw new ApiError('MissingHost');
    const current = settings.registered();
    if (current !== registered) remembered.clear();
    registered = current;
    const known = remembered.get(host);
    if (known !== undefined) return known;
    const resolved = resolveHost(host, settings, registered);
    if (remembered.size >= REMEMBERED_HOSTS_MAX) remembered.clear();
    remembered.set(host, resolved);
    return resolved;
  };
}

function resolveHost(header: string, { endpoints, domains }: HostSettings, registered: Registered): HostProject {
  const match = HOST.exec(header.toLowerCase());
  if (match === null) throw new ApiError('InvalidHost', { host: header.slice(0, 255) });
  const host = match[1] ?? match[2] ?? '';
  const custom = domains.get(host) ?? registered.get(host)?.project;
  if (custom !== undefined) return { kind: 'project', name: custom };
  for (const endpoint of endpoints) {
    if (!host.endsWith(`.${endpoint}`)) continue;
    const label = host.slice(0, -endpoint.length - 1);
    if (!label.includes('.')) return { kind: 'project', name: label };
  }
  if (endpoints.includes(host) || host === 'localhost' || isIP(host) !== 0) return { kind: 'unnamed' };
  const dot = host.indexOf('.');
  return dot === -1 ? { kind: 'none' } : { kind: 'project', name: host.slice(0, dot) };
}

/** `[address]` or a name or address, each with an optional port. */
const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?))(?::\d{1,5})?$/;
