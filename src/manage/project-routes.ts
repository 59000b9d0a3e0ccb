/** Projects. The Host says which one; without a project in it, `GET /` lists them. */
import * as z from 'zod';
import { findProject } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { type Admission, requirePermission } from '../http/auth/gate.js';
import type { Exchange, Route } from '../http/route.js';
import { readSignedJson } from '../http/signed-json.js';
import { mayUse } from '../model/access-key.js';
import type { AccessKey, Project } from '../model/catalog.js';
import type { ManageDeps } from './deps.js';
import { cut, decode, Parameters } from './requests.js';

export function projectRoutes(deps: ManageDeps): Route[] {
  const { gate, view, writer } = deps;
  return [
    {
      method: 'GET',
      path: '/',
      doc: {
        id: 'GetProject',
        tag: 'SLS: management',
        summary: 'The project of the host; without one, all projects.',
        access: 'signed',
        query: { offset: 'So many are passed over.', size: 'At most so many.' },
        answer: { types: ['application/json'] },
        errors: ['ProjectNotExist'],
      },
      handle(exchange) {
        const { key, project, namesProject } = gate(exchange, 'log:ListProject');
        if (namesProject) {
          requirePermission(key, 'log:GetProject', project);
          sendJson(exchange, 200, describe(findProject(view, project), inWords));
        } else {
          sendJson(exchange, 200, list(deps, exchange, key));
        }
      },
    },
    {
      method: 'POST',
      path: '/',
      doc: {
        id: 'CreateProject',
        tag: 'SLS: management',
        summary: 'Creates a project.',
        access: 'signed',
        body: { schema: createSchema },
        errors: ['ProjectAlreadyExist'],
      },
      async handle(exchange) {
        const admission = gate(exchange, 'log:CreateProject');
        const body = await readProject(deps, exchange, admission);
        const { projectName: name, description } = decode(createSchema, body, invalid);
        requirePermission(admission.key, 'log:CreateProject', name);
        await writer.execute({ do: 'createProject', name, description: description ?? '' });
        sendEmpty(exchange);
      },
    },
    {
      method: 'PUT',
      path: '/',
      doc: {
        id: 'UpdateProject',
        tag: 'SLS: management',
        summary: 'Changes the description of the project.',
        access: 'signed',
        body: { schema: updateSchema },
        errors: ['ProjectNotExist'],
      },
      async handle(exchange) {
        const admission = gate(exchange, 'log:UpdateProject');
        const old = findNamed(deps, admission);
        const { description } = decode(updateSchema, await readProject(deps, exchange, admission), invalid);
        await writer.execute({ do: 'updateProject', name: old.name, description: description ?? old.description });
        sendEmpty(exchange);
      },
    },
    {
      method: 'DELETE',
      path: '/',
      doc: {
        id: 'DeleteProject',
        tag: 'SLS: management',
        summary: 'Deletes the project of the host with its logstores.',
        access: 'signed',
        errors: ['ProjectNotExist'],
      },
      async handle(exchange) {
        const { name } = findNamed(deps, gate(exchange, 'log:DeleteProject'));
        await writer.execute({ do: 'deleteProject', name });
        sendEmpty(exchange);
      },
    },
  ];
}

const description = z.string().nullish();
const createSchema = z.object({ projectName: z.string().default(''), description });
const updateSchema = z.object({ description });

function invalid(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}

/** A body that is no JSON has an error of its own here. */
async function readProject({ bodies }: ManageDeps, exchange: Exchange, admission: Admission): Promise<object> {
  try {
    return await readSignedJson(exchange, admission, bodies);
  } catch (error) {
    const isNoJson = error instanceof ApiError && error.error === 'JsonBodyInvalid';
    throw isNoJson ? invalid('The body is not valid json string.') : error;
  }
}

/** What changes or ends a project is for one by name, never for the default one. */
function findNamed({ view }: ManageDeps, { project, namesProject }: Admission): Project {
  return findProject(view, namesProject ? project : '');
}

/** Those that the key may read. */
function list({ view }: ManageDeps, exchange: Exchange, key: AccessKey): object {
  const parameters = new Parameters(exchange);
  const name = parameters.text('projectName') ?? '';
  const text = parameters.text('description') ?? '';
  const found = view
    .projects()
    .filter((project) => mayUse(key, 'read', project.name))
    .filter((project) => project.name.includes(name) && project.description.includes(text));
  const { count, total, page } = cut(found, parameters.page());
  return { count, total, projects: page.map((project) => describe(project, inSeconds)) };
}

/** SDKs read most of these without asking whether they are there, and Go takes times as text only. */
function describe({ name, description, createdAt, updatedAt }: Project, time: (seconds: number) => string): object {
  return {
    projectName: name,
    description,
    status: 'Normal',
    owner: '',
    region: '',
    createTime: time(createdAt),
    lastModifyTime: time(updatedAt),
    resourceGroupId: '',
    dataRedundancyType: 'LRS',
  };
}

/** `2020-11-18 16:55:57`, UTC. */
function inWords(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function inSeconds(seconds: number): string {
  return String(seconds);
}
