/** The checks before a body is read: version, project, logstore, switch. Their order is a contract: the first failure wins. */
import type { CatalogView } from '../catalog/catalog.js';
import { findLogstore } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { checkApiVersion } from '../http/api-version.js';
import type { HostProject } from '../http/host.js';
import type { Exchange } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';

export interface TargetFinder {
  readonly resolveHost: (host: string | undefined) => HostProject;
  readonly defaultProject: string;
  readonly catalog: CatalogView;
}

export interface Target {
  readonly logstore: Logstore;
  /** The version came as the header `x-log-apiversion`, not in the query. */
  readonly hasVersionHeader: boolean;
  /** The project came in the query parameter `project`, which is then no field of the log. */
  readonly hasProjectParameter: boolean;
}

export function findTarget(exchange: Exchange, finder: TargetFinder): Target {
  const { headers } = exchange.request;
  const host = finder.resolveHost(headers.host);

  const versionHeader = headers['x-log-apiversion'];
  const version = versionHeader ?? queryValue(exchange.queryText, 'APIVersion');
  // Under a path of the operator's own, pages need not show what they talk to.
  if (version !== undefined || exchange.path.startsWith(OWN_PATHS)) checkApiVersion(version);

  const projectName = projectOf(exchange, host, finder);
  const hasProjectParameter =
    host.kind === 'unnamed' &&
    headers['x-log-project'] === undefined &&
    queryValue(exchange.queryText, 'project') !== undefined;
  const { catalog } = finder;
  const name = exchange.params['logstore'] ?? '';
  const logstore = findLogstore(catalog, projectName, name);
  if (!logstore.webTracking) throw new ApiError('WebTrackingOff', { logstore: name });
  return { logstore, hasVersionHeader: versionHeader !== undefined, hasProjectParameter };
}

const OWN_PATHS = '/logstores/';

/** The path of ours behind a path alias of the project that the request names; null for any other path. */
export function pathBehind(exchange: Exchange, finder: TargetFinder): string | null {
  const { request, path } = exchange;
  const logstore = finder.catalog.logstoreByPath(nameProject(exchange, finder), path);
  if (logstore === undefined) return null;
  const isImage = request.method !== 'POST' && path.endsWith('.gif');
  return `${OWN_PATHS}${logstore.name}/track${isImage ? '.gif' : ''}`;
}

/** The project that a request names; empty if it names none. For requests that were refused before it mattered, too. */
export function nameProject(exchange: Exchange, finder: TargetFinder): string {
  try {
    return projectOf(exchange, finder.resolveHost(exchange.request.headers.host), finder);
  } catch {
    return '';
  }
}

function projectOf({ request, queryText }: Exchange, host: HostProject, { defaultProject }: TargetFinder): string {
  if (host.kind === 'project') return host.name;
  if (host.kind === 'none') return '';
  return String(request.headers['x-log-project'] ?? queryValue(queryText, 'project') ?? defaultProject);
}

/** The value of a query parameter whose name and value need no decoding. */
function queryValue(queryText: string, name: string): string | undefined {
  let from = 0;
  while (from < queryText.length) {
    const ampersand = queryText.indexOf('&', from);
    const to = ampersand === -1 ? queryText.length : ampersand;
    if (queryText.startsWith(name, from) && queryText[from + name.length] === '=') {
      return queryText.slice(from + name.length + 1, to);
    }
    from = to + 1;
  }
  return undefined;
}
