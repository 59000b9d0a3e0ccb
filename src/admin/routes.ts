/** The admin API of the service: its status, and create, read, update and delete of projects and logstores. */
import type { LogstoreInfo, LogstoreList, ProjectInfo, ProjectList } from '../api/catalog.js';
import type { Status } from '../api/status.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { findLogstore, findProject } from '../catalog/find.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { RouteDoc } from '../http/route-doc.js';
import type { Logstore, Project } from '../model/catalog.js';
import { QUARANTINE_TTL_DAYS } from '../model/quarantine.js';
import type { Authorize } from './authorize.js';
import { keyRoutes } from './key-routes.js';
import {
  createLogstoreSchema,
  createProjectSchema,
  decode,
  updateLogstoreSchema,
  updateProjectSchema,
} from './requests.js';

export interface AdminDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly authorize: Authorize;
  status(): Promise<Status>;
}

/** Our bodies are a few short fields; the origins of a logstore may be some thousands. */
const BODY_BYTES_MAX = 1024 * 1024;

const TTL_DAYS_DEFAULT = 30;

export function routes(deps: AdminDeps): Route[] {
  const { view } = deps;

  /** A route for those who have a key: one that may read for GET, one that may manage for the rest. */
  function route(
    method: Route['method'],
    path: string,
    doc: RouteDoc,
    handle: (exchange: Exchange) => void | Promise<void>,
  ): Route {
    return {
      method,
      path: `/api/v1${path}`,
      doc,
      async handle(exchange) {
        deps.authorize(exchange, method === 'GET' ? 'read' : 'manage');
        await handle(exchange);
      },
    };
  }

  return [
    ...keyRoutes(deps),
    route(
      'GET',
      '/status',
      {
        id: 'getStatus',
        tag: 'Operation',
        summary: 'How the service is doing.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      async (exchange) => sendJson(exchange, 200, await deps.status()),
    ),

    route(
      'GET',
      '/projects',
      {
        id: 'listProjects',
        tag: 'Management',
        summary: 'Projects.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      (exchange) => {
        const list: ProjectList = { projects: view.projects().map(describeProject) };
        sendJson(exchange, 200, list);
      },
    ),
    route(
      'POST',
      '/projects',
      {
        id: 'createProject',
        tag: 'Management',
        summary: 'Creates a project.',
        access: 'key',
        body: { schema: createProjectSchema },
        answer: { types: ['application/json'], status: 201 },
        errors: ['ProjectAlreadyExist'],
      },
      async (exchange) => {
        const { name, description = '' } = decode(createProjectSchema, await readJson(exchange, BODY_BYTES_MAX));
        await deps.writer.execute({ do: 'createProject', name, description });
        sendJson(exchange, 201, describeProject(findProject(view, name)));
      },
    ),
    route(
      'GET',
      '/projects/:project',
      {
        id: 'getProject',
        tag: 'Management',
        summary: 'A project.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      (exchange) => {
        sendJson(exchange, 200, describeProject(findProject(view, param(exchange, 'project'))));
      },
    ),
    route(
      'PUT',
      '/projects/:project',
      {
        id: 'updateProject',
        tag: 'Management',
        summary: 'Changes a project.',
        access: 'key',
        body: { schema: updateProjectSchema },
        answer: { types: ['application/json'] },
      },
      async (exchange) => {
        const name = param(exchange, 'project');
        const changes = decode(updateProjectSchema, await readJson(exchange, BODY_BYTES_MAX));
        await deps.writer.execute({ do: 'updateProject', name, ...changes });
        sendJson(exchange, 200, describeProject(findProject(view, name)));
      },
    ),
    route(
      'DELETE',
      '/projects/:project',
      { id: 'deleteProject', tag: 'Management', summary: 'Deletes a project with its logstores.', access: 'key' },
      async (exchange) => {
        await deps.writer.execute({ do: 'deleteProject', name: param(exchange, 'project') });
        sendEmpty(exchange);
      },
    ),

    route(
      'GET',
      '/projects/:project/logstores',
      {
        id: 'listLogstores',
        tag: 'Management',
        summary: 'The logstores of a project.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      (exchange) => {
        const project = findProject(view, param(exchange, 'project'));
        const list: LogstoreList = { logstores: view.logstores(project.name).map(describeLogstore) };
        sendJson(exchange, 200, list);
      },
    ),
    route(
      'POST',
      '/projects/:project/logstores',
      {
        id: 'createLogstore',
        tag: 'Management',
        summary: 'Creates a logstore.',
        access: 'key',
        body: { schema: createLogstoreSchema },
        answer: { types: ['application/json'], status: 201 },
        errors: ['LogStoreAlreadyExist', 'LogStoreInfoInvalid'],
      },
      async (exchange) => {
        const project = param(exchange, 'project');
        const body = decode(createLogstoreSchema, await readJson(exchange, BODY_BYTES_MAX));
        const { name, webTracking = false, ttlDays = TTL_DAYS_DEFAULT, appendMeta = false, ...rules } = body;
        const { maxBytes, quarantine, ...writeRules } = rules;
        await deps.writer.execute({
          do: 'createLogstore',
          project,
          name,
          webTracking,
          ttlDays,
          maxBytes,
          appendMeta,
          writeRules,
          quarantine,
        });
        sendJson(exchange, 201, describeLogstore(findLogstore(view, project, name)));
      },
    ),
    route(
      'GET',
      '/projects/:project/logstores/:logstore',
      {
        id: 'getLogstore',
        tag: 'Management',
        summary: 'A logstore.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      (exchange) => {
        const [project, name] = [param(exchange, 'project'), param(exchange, 'logstore')];
        sendJson(exchange, 200, describeLogstore(findLogstore(view, project, name)));
      },
    ),
    route(
      'PUT',
      '/projects/:project/logstores/:logstore',
      {
        id: 'updateLogstore',
        tag: 'Management',
        summary: 'Changes a logstore.',
        access: 'key',
        body: { schema: updateLogstoreSchema },
        answer: { types: ['application/json'] },
      },
      async (exchange) => {
        const [project, name] = [param(exchange, 'project'), param(exchange, 'logstore')];
        const body = decode(updateLogstoreSchema, await readJson(exchange, BODY_BYTES_MAX));
        const { webTracking, ttlDays, maxBytes, appendMeta, quarantine, ...writeRules } = body;
        await deps.writer.execute({
          do: 'updateLogstore',
          project,
          name,
          webTracking,
          ttlDays,
          maxBytes,
          appendMeta,
          writeRules,
          quarantine,
        });
        sendJson(exchange, 200, describeLogstore(findLogstore(view, project, name)));
      },
    ),
    route(
      'DELETE',
      '/projects/:project/logstores/:logstore',
      { id: 'deleteLogstore', tag: 'Management', summary: 'Deletes a logstore with its logs.', access: 'key' },
      async (exchange) => {
        await deps.writer.execute({
          do: 'deleteLogstore',
          project: param(exchange, 'project'),
          name: param(exchange, 'logstore'),
        });
        sendEmpty(exchange);
      },
    ),
  ];
}

function describeProject({ name, description, quota, createdAt }: Project): ProjectInfo {
  return { name, description, quota, createdAt };
}

function describeLogstore(logstore: Logstore): LogstoreInfo {
  const { id, project, name, webTracking, ttlDays, maxBytes, appendMeta, writeRules, createdAt } = logstore;
  const { isOn = false, ttlDays: quarantineDays = QUARANTINE_TTL_DAYS } = logstore.quarantine ?? {};
  const quarantine = { isOn, ttlDays: quarantineDays };
  return { id, project, name, webTracking, ttlDays, maxBytes, appendMeta, ...writeRules, quarantine, createdAt };
}

/** The value of a `:name` of the route's own path; it cannot be missing. */
function param(exchange: Exchange, name: string): string {
  return exchange.params[name] ?? '';
}
