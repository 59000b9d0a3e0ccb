/** The index of a logstore over the admin API: /api/v1/projects/:project/logstores/:logstore/index. */
import type { LogstoreIndexInfo } from '../api/logstore-index.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { findLogstore } from '../catalog/find.js';
import { DEFAULT_TOKEN, indexSchema } from '../catalog/index-schema.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import { JSON_ANSWER } from '../http/route-doc.js';
import type { Role } from '../model/access-key.js';
import type { Logstore } from '../model/catalog.js';
import type { Authorize } from './authorize.js';
import { decode } from './requests.js';

export interface IndexDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly authorize: Authorize;
}

const PATH = '/api/v1/projects/:project/logstores/:logstore/index';

/** Some thousand fields. */
const BODY_BYTES_MAX = 1024 * 1024;

export function indexRoutes({ view, writer, authorize }: IndexDeps): Route[] {
  const admit = (exchange: Exchange, role: Role) => {
    authorize(exchange, role);
    return find(exchange);
  };
  const find = ({ params }: Exchange) => findLogstore(view, params['project'] ?? '', params['logstore'] ?? '');
  return [
    {
      method: 'GET',
      path: PATH,
      doc: {
        id: 'getLogstoreIndex',
        tag: 'Management',
        summary: 'The index of a logstore.',
        access: 'key',
        answer: JSON_ANSWER,
      },
      handle(exchange) {
        sendJson(exchange, 200, describe(admit(exchange, 'read')));
      },
    },
    {
      method: 'PUT',
      path: PATH,
      doc: {
        id: 'setLogstoreIndex',
        tag: 'Management',
        summary: 'Gives a logstore an index, in place of the one it has.',
        access: 'key',
        body: { types: ['application/json'] },
        answer: JSON_ANSWER,
      },
      async handle(exchange) {
        const { project, name, index } = admit(exchange, 'manage');
        const config = decode(indexSchema, await readJson(exchange, BODY_BYTES_MAX));
        await writer.execute({ do: index === null ? 'createIndex' : 'updateIndex', project, name, config });
        sendJson(exchange, 200, describe(find(exchange)));
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      doc: {
        id: 'deleteLogstoreIndex',
        tag: 'Management',
        summary: 'Takes the index away; searches follow the default rules again.',
        access: 'key',
      },
      async handle(exchange) {
        const { project, name } = admit(exchange, 'manage');
        await writer.execute({ do: 'deleteIndex', project, name });
        sendEmpty(exchange);
      },
    },
  ];
}

function describe({ index }: Logstore): LogstoreIndexInfo {
  return { config: index?.config ?? null, updatedAt: index?.updatedAt ?? null, defaultToken: DEFAULT_TOKEN };
}
