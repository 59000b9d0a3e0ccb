/** Saved searches over the admin API: /api/v1/projects/:project/saved-searches. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { SavedSearchBody, SavedSearchInfo, SavedSearchList } from '../api/saved-searches.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { findProject } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import {
  SAVED_CHARTS,
  SAVED_NAME_LENGTH_MAX,
  SAVED_QUERY_LENGTH_MAX,
  SAVED_VALUE_LENGTH_MAX,
  SAVED_VARIABLES_MAX,
  type SavedSearch,
} from '../model/saved-search.js';
import type { Authorize } from './authorize.js';
import { decode } from './requests.js';

export interface SavedSearchDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly authorize: Authorize;
}

const BODY_BYTES_MAX = 128 * 1024;

const name = z.string().trim().min(1).max(SAVED_NAME_LENGTH_MAX);
const moment = z.string().min(1).max(64);

const variables = z
  .record(z.string().regex(/^[A-Za-z_]\w{0,63}$/), z.string().max(SAVED_VALUE_LENGTH_MAX))
  .refine((values) => Object.keys(values).length <= SAVED_VARIABLES_MAX, `at most ${SAVED_VARIABLES_MAX}`);

const bodySchema: z.ZodType<SavedSearchBody> = z.strictObject({
  name,
  logstore: z.string().min(1).max(SAVED_NAME_LENGTH_MAX),
  query: z.string().max(SAVED_QUERY_LENGTH_MAX),
  from: moment,
  to: moment,
  chart: z.enum(SAVED_CHARTS).nullable(),
  variables: variables.optional(),
  dashboard: name.nullable(),
});

const PATH = '/api/v1/projects/:project/saved-searches';

export function savedSearchRoutes({ view, writer, authorize }: SavedSearchDeps): Route[] {
  async function save(exchange: Exchange, id: string, status: number): Promise<void> {
    const { variables = {}, ...body } = decode(bodySchema, await readJson(exchange, BODY_BYTES_MAX));
    const project = projectOf(exchange);
    await writer.execute({ do: 'saveSearch', search: { ...body, variables, id, project } });
    sendJson(exchange, status, describe(find(view, project, id)));
  }

  return [
    {
      method: 'GET',
      path: PATH,
      doc: {
        id: 'listSavedSearches',
        tag: 'Management',
        summary: 'The saved searches of a project.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      handle(exchange) {
        authorize(exchange, 'read');
        const { name: project } = findProject(view, projectOf(exchange));
        const list: SavedSearchList = { savedSearches: view.savedSearches(project).map(describe) };
        sendJson(exchange, 200, list);
      },
    },
    {
      method: 'POST',
      path: PATH,
      doc: {
        id: 'createSavedSearch',
        tag: 'Management',
        summary: 'Saves a search.',
        access: 'key',
        body: { schema: bodySchema },
        answer: { types: ['application/json'], status: 201 },
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        await save(exchange, randomBytes(9).toString('base64url'), 201);
      },
    },
    {
      method: 'PUT',
      path: `${PATH}/:search`,
      doc: {
        id: 'updateSavedSearch',
        tag: 'Management',
        summary: 'Changes a saved search.',
        access: 'key',
        body: { schema: bodySchema },
        answer: { types: ['application/json'] },
        errors: ['SavedSearchNotExist'],
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        const { id } = find(view, projectOf(exchange), exchange.params['search'] ?? '');
        await save(exchange, id, 200);
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/:search`,
      doc: {
        id: 'deleteSavedSearch',
        tag: 'Management',
        summary: 'Deletes a saved search.',
        access: 'key',
        errors: ['SavedSearchNotExist'],
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        await writer.execute({ do: 'deleteSearch', project: projectOf(exchange), id: exchange.params['search'] ?? '' });
        sendEmpty(exchange);
      },
    },
  ];
}

function projectOf({ params }: Exchange): string {
  return params['project'] ?? '';
}

function find(view: CatalogView, project: string, id: string): SavedSearch {
  const search = view.savedSearches(project).find((one) => one.id === id);
  if (search === undefined) throw new ApiError('SavedSearchNotExist', { id });
  return search;
}

function describe({ project: _, ...info }: SavedSearch): SavedSearchInfo {
  return info;
}
