/** The way into every signed API: version, signature and permission, before anything is looked up or read. */
import { ApiError } from '../../errors.js';
import { mayUse } from '../../model/access-key.js';
import type { AccessKey } from '../../model/catalog.js';
import { checkApiVersion } from '../api-version.js';
import type { HostProject } from '../host.js';
import type { Exchange } from '../route.js';
import { ACTIONS, type Action } from './actions.js';
import type { Authenticate, Signer } from './authenticate.js';

export interface GateDeps {
  readonly resolveHost: (host: string | undefined) => HostProject;
  /** Of requests to the service's own name. */
  readonly defaultProject: string;
  readonly authenticate: Authenticate;
}

export interface Admission extends Signer {
  /** The project that the request names or, if it names none, the default one. Whether it exists is not known yet. */
  readonly project: string;
  /** Whether the request itself names the project, by Host, header or parameter. */
  readonly namesProject: boolean;
}

/**
 * Whoever asks learns whether a project or logstore exists only with a key that may know.
 * Throws, in this order: MissingHost, InvalidHost, MissingAPIVersion, InvalidAPIVersion, what `Authenticate` throws, AccessDenied.
 */
export type Gate = (exchange: Exchange, action: Action) => Admission;

export function createGate({ resolveHost, defaultProject, authenticate }: GateDeps): Gate {
  return (exchange, action) => {
    const { headers } = exchange.request;
    const host = resolveHost(headers.host);
    checkApiVersion(headers['x-log-apiversion']);
    const signer = authenticate(exchange);
    const named = nameProject(host, exchange);
    const project = named ?? defaultProject;
    if (!SERVICE_WIDE.has(action)) requirePermission(signer.key, action, project, exchange.params['logstore']);
    return { ...signer, project, namesProject: named !== undefined };
  };
}

/** These are about projects that the Host does not tell; who handles them checks each. */
const SERVICE_WIDE: ReadonlySet<Action> = new Set(['log:CreateProject', 'log:ListProject']);

/** Throws AccessDenied. */
export function requirePermission(key: AccessKey, action: Action, project: string, logstore?: string): void {
  if (mayUse(key, ACTIONS[action], project)) return;
  const place = logstore === undefined ? '' : `/logstore/${logstore}`;
  // Region and account stand in the form that clients know; there are none here.
  throw new ApiError('AccessDenied', { action, resource: `acs:log:local:0:project/${project}${place}` });
}

/** Undefined where the Host is the service itself and nothing else names a project. */
function nameProject(host: HostProject, { request, queryText }: Exchange): string | undefined {
  if (host.kind === 'project') return host.name;
  if (host.kind === 'none') return '';
  const header = request.headers['x-log-project'];
  if (header !== undefined) return String(header);
  return queryText === '' ? undefined : (new URLSearchParams(queryText).get('project') ?? undefined);
}
