/** The admin API of the service: its status, and create, read, update and delete of projects and logstores. */
import type { LogstoreInfo, LogstoreList, ProjectInfo, ProjectList } from '../api/catalog.js';
import type { Status } from '../api/status.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
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

  return [
    route('GET', '/status', async (exchange) => sendJson(exchange, 200, await deps.status())),

    route('GET', '/projects', (exchange) => {
      const list: ProjectList = { projects: view.projects() };
      sendJson(exchange, 200, list);
    }),
    route('POST', '/projects', async (exchange) => {
      const { name, description = '' } = decode(createProjectSchema, await readJson(exchange, BODY_BYTES_MAX));
      await deps.writer.execute({ do: 'createProject', name, description });
      sendJson(exchange, 201, findProject(view, name));
    }),
    route('GET', '/projects/:project', (exchange) => {
      sendJson(exchange, 200, findProject(view, param(exchange, 'project')));
    }),
    route('DELETE', '/projects/:project', async (exchange) => {
      await deps.writer.execute({ do: 'deleteProject', name: param(exchange, 'project') });
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
      await deps.writer.execute({ do: 'createLogstore', project, name, webTracking, ttlDays, appendMeta });
      sendJson(exchange, 201, findLogstore(view, project, name));
    }),
    route('GET', '/projects/:project/logstores/:logstore', (exchange) => {
      sendJson(exchange, 200, findLogstore(view, param(exchange, 'project'), param(exchange, 'logstore')));
    }),
    route('PUT', '/projects/:project/logstores/:logstore', async (exchange) => {
      const [project, name] = [param(exchange, 'project'), param(exchange, 'logstore')];
      const changes = decode(updateLogstoreSchema, await readJson(exchange, BODY_BYTES_MAX));
      await deps.writer.execute({ do: 'updateLogstore', project, name, ...changes });
      sendJson(exchange, 200, findLogstore(view, project, name));
    }),
    route('DELETE', '/projects/:project/logstores/:logstore', async (exchange) => {
      await deps.writer.execute({
        do: 'deleteLogstore',
        project: param(exchange, 'project'),
        name: param(exchange, 'logstore'),
      });
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
