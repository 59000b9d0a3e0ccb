/** Access keys over the admin API: /api/v1/keys. */
import type { CreatedKey, KeyInfo, KeyList } from '../api/keys.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { newKeyPair } from '../catalog/key-pair.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { RouteDoc } from '../http/route-doc.js';
import type { AccessKey } from '../model/catalog.js';
import type { Authorize } from './authorize.js';
import { createKeySchema, decode, updateKeySchema } from './requests.js';

export interface KeyDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly authorize: Authorize;
}

const BODY_BYTES_MAX = 64 * 1024;

export function keyRoutes({ view, writer, authorize }: KeyDeps): Route[] {
  /** A route for those who may manage everything: whoever makes keys can give away all there is. */
  function route(
    method: Route['method'],
    path: string,
    doc: RouteDoc,
    handle: (exchange: Exchange) => void | Promise<void>,
  ): Route {
    return {
      method,
      path,
      doc,
      async handle(exchange) {
        authorize(exchange, 'manage');
        await handle(exchange);
      },
    };
  }

  return [
    route(
      'GET',
      '/api/v1/keys',
      {
        id: 'listKeys',
        tag: 'Access keys',
        summary: 'Access keys, without their secrets.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      (exchange) => {
        const list: KeyList = { keys: view.accessKeys().map(describe) };
        sendJson(exchange, 200, list);
      },
    ),
    route(
      'POST',
      '/api/v1/keys',
      {
        id: 'createKey',
        tag: 'Access keys',
        summary: 'Creates an access key; its secret is shown this once.',
        access: 'key',
        body: { schema: createKeySchema },
        answer: { types: ['application/json'], status: 201 },
      },
      async (exchange) => {
        const { roles, projects = null } = decode(createKeySchema, await readJson(exchange, BODY_BYTES_MAX));
        const { id, secret } = newKeyPair();
        await writer.execute({ do: 'createAccessKey', id, secret, roles, projects });
        const created: CreatedKey = { ...describe(find(view, id)), secret };
        sendJson(exchange, 201, created, ['Cache-Control', 'no-store']);
      },
    ),
    route(
      'PUT',
      '/api/v1/keys/:key',
      {
        id: 'updateKey',
        tag: 'Access keys',
        summary: 'Disables or enables an access key.',
        access: 'key',
        body: { schema: updateKeySchema },
        answer: { types: ['application/json'] },
        errors: ['AccessKeyNotExist'],
      },
      async (exchange) => {
        const id = exchange.params['key'] ?? '';
        const { isEnabled } = decode(updateKeySchema, await readJson(exchange, BODY_BYTES_MAX));
        await writer.execute({ do: 'switchAccessKey', id, isEnabled });
        sendJson(exchange, 200, describe(find(view, id)));
      },
    ),
    route(
      'DELETE',
      '/api/v1/keys/:key',
      {
        id: 'deleteKey',
        tag: 'Access keys',
        summary: 'Deletes an access key.',
        access: 'key',
        errors: ['AccessKeyNotExist'],
      },
      async (exchange) => {
        await writer.execute({ do: 'deleteAccessKey', id: exchange.params['key'] ?? '' });
        sendEmpty(exchange);
      },
    ),
  ];
}

/** All but the secret. */
function describe({ id, roles, projects, isEnabled, createdAt }: AccessKey): KeyInfo {
  return { id, roles, projects, isEnabled, createdAt };
}

function find(view: CatalogView, id: string): AccessKey {
  const key = view.accessKey(id);
  if (key === undefined) throw new ApiError('AccessKeyNotExist', { id });
  return key;
}
