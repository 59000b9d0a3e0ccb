/** The admin API of the service: its status, and create, read, update and delete of projects and logstores. */
import type { LogstoreInfo, LogstoreList, ProjectInfo, ProjectList } from '../api/catalog.js';
import type { Status } from '../api/status.js';
import type { CatalogCommand, CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { AccessKey } from '../model/catalog.js';
import { createLogstoreSchema, createProjectSchema, decode, updateLogstoreSchema } from './requests.js';

export interface AdminDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  /** Throws ApiError if the request carries no valid key. */
  authorize(exchange: Exchange): AccessKey;
  status(): Promise<Status>;
  /**
   * Tell the store, after the catalog has it on stable storage. Neither may throw or be waited for: with the store away
   * it can take hours.
   */
  storeTtl(logstoreId: number, ttlDays: number): void;
  storeDelete(logstoreId: number): void;
}

/** Our bodies are a few short fields. */
const BODY_BYTES_MAX = 64 * 1024;

const TTL_DAYS_DEFAULT = 30;

export function routes(deps: AdminDeps): Route[] {
  const { view } = deps;

  /** A route for those who have a key. */
  function route(method: Route['method'], path: string, handle: (exchange: Exchange) => void | Promise<void>): Route {
    return {
      method,
      path: `/api/v1${path}`,
      async handle(exchange) {
        deps.authorize(exchange);
        await handle(exchange);
      },
    };
  }

  /** Has the catalog changed, and the store told what of it concerns the store. */
  async function change(command: CatalogCommand): Promise<void> {
    const events = await deps.writer.execute(command);
    for (const event of events) {
      if (event.event === 'logstoreDeleted') deps.storeDelete(event.id);
      if (event.event === 'logstore' && command.do === 'updateLogstore' && command.ttlDays !== undefined) {
        deps.storeTtl(event.logstore.id, event.logstore.ttlDays);
      }
    }
  }

  return [
    route('GET', '/status', async (exchange) => sendJson(exchange, 200, await deps.status())),

    route('GET', '/projects', (exchange) => {
      const list: ProjectList = { projects: view.projects() };
      sendJson(exchange, 200, list);
    }),
    route('POST', '/projects', async (exchange) => {
      const { name, description = '' } = decode(createProjectSchema, await readJson(exchange, BODY_BYTES_MAX));
      await change({ do: 'createProject', name, description });
      sendJson(exchange, 201, findProject(view, name));
    }),
    route('GET', '/projects/:project', (exchange) => {
      sendJson(exchange, 200, findProject(view, param(exchange, 'project')));
    }),
    route('DELETE', '/projects/:project', async (exchange) => {
      await change({ do: 'deleteProject', name: param(exchange, 'project') });
      sendEmpty(exchange);
    }),

    route('GET', '/projects/:project/logstores', (exchange) => {
      const project = findProject(view, param(exchange, 'project'));
      const list: LogstoreList = { logstores: view.logstores(project.name) };
      sendJson(exchange, 200, list);
    }),
    route('POST', '/projects/:project/logstores', async (exchange) => {
      const project = param(exchange, 'project');
      const body = decode(createLogstoreSchema, await readJson(exchange, BODY_BYTES_MAX));
      const { name, webTracking = false, ttlDays = TTL_DAYS_DEFAULT, appendMeta = false } = body;
      await change({ do: 'createLogstore', project, name, webTracking, ttlDays, appendMeta });
      sendJson(exchange, 201, findLogstore(view, project, name));
    }),
    route('GET', '/projects/:project/logstores/:logstore', (exchange) => {
      sendJson(exchange, 200, findLogstore(view, param(exchange, 'project'), param(exchange, 'logstore')));
    }),
    route('PUT', '/projects/:project/logstores/:logstore', async (exchange) => {
      const [project, name] = [param(exchange, 'project'), param(exchange, 'logstore')];
      const changes = decode(updateLogstoreSchema, await readJson(exchange, BODY_BYTES_MAX));
      await change({ do: 'updateLogstore', project, name, ...changes });
      sendJson(exchange, 200, findLogstore(view, project, name));
    }),
    route('DELETE', '/projects/:project/logstores/:logstore', async (exchange) => {
      await change({ do: 'deleteLogstore', project: param(exchange, 'project'), name: param(exchange, 'logstore') });
      sendEmpty(exchange);
    }),
  ];
}

function findProject(view: CatalogView, name: string): ProjectInfo {
  const project = view.project(name);
  if (project === undefined) throw new ApiError('ProjectNotExist', { project: name });
  return project;
}

function findLogstore(view: CatalogView, project: string, name: string): LogstoreInfo {
  findProject(view, project);
  const logstore = view.logstore(project, name);
  if (logstore === undefined) throw new ApiError('LogStoreNotExist', { logstore: name });
  return logstore;
}

/** The value of a `:name` of the route's own path; it cannot be missing. */
function param(exchange: Exchange, name: string): string {
  return exchange.params[name] ?? '';
}
