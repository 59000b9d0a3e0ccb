/** The index of a logstore: checked when it is given, kept as it was, and answered with what is missing filled in. */
import { findLogstore } from '../catalog/find.js';
import { indexSchema, NO_TOKEN } from '../catalog/index-schema.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import type { Action } from '../http/auth/actions.js';
import type { Exchange, Route } from '../http/route.js';
import { readSignedJson } from '../http/signed-json.js';
import type { IndexConfig } from '../model/index-config.js';
import type { ManageDeps } from './deps.js';
import { decode } from './requests.js';

const PATH = '/logstores/:logstore/index';
const TEXT_BYTES_MAX_DEFAULT = 2048;

export function indexRoutes({ gate, view, writer, bodies }: ManageDeps): Route[] {
  const admit = (exchange: Exchange, action: Action) => {
    const admission = gate(exchange, action);
    return { admission, logstore: findLogstore(view, admission.project, exchange.params['logstore'] ?? '') };
  };
  return [
    {
      method: 'GET',
      path: PATH,
      doc: {
        id: 'GetIndex',
        tag: 'SLS: management',
        summary: 'The index of a logstore.',
        access: 'signed',
        answer: { types: ['application/json'] },
        errors: ['IndexConfigNotExist'],
      },
      handle(exchange) {
        const { index, ttlDays } = admit(exchange, 'log:GetIndex').logstore;
        if (index === null) throw new ApiError('IndexConfigNotExist');
        const { config, updatedAt } = index;
        const defaults = { ttl: ttlDays, max_text_len: TEXT_BYTES_MAX_DEFAULT, log_reduce: false };
        sendJson(exchange, 200, { ...defaults, ...config, storage: 'pg', lastModifyTime: updatedAt });
      },
    },
    {
      method: 'POST',
      path: PATH,
      doc: {
        id: 'CreateIndex',
        tag: 'SLS: management',
        summary: 'Gives a logstore an index.',
        access: 'signed',
        body: { types: ['application/json'] },
        errors: ['IndexAlreadyExist', 'IndexInfoInvalid'],
      },
      async handle(exchange) {
        const { admission, logstore } = admit(exchange, 'log:CreateIndex');
        const { project, name } = logstore;
        const config = decodeIndex(await readSignedJson(exchange, admission, bodies));
        await writer.execute({ do: 'createIndex', project, name, config });
        sendEmpty(exchange);
      },
    },
    {
      method: 'PUT',
      path: PATH,
      doc: {
        id: 'UpdateIndex',
        tag: 'SLS: management',
        summary: 'Changes the index of a logstore.',
        access: 'signed',
        body: { types: ['application/json'] },
        errors: ['IndexConfigNotExist', 'IndexInfoInvalid'],
      },
      async handle(exchange) {
        const { admission, logstore } = admit(exchange, 'log:UpdateIndex');
        const { project, name } = logstore;
        const config = decodeIndex(await readSignedJson(exchange, admission, bodies));
        await writer.execute({ do: 'updateIndex', project, name, config });
        sendEmpty(exchange);
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      doc: {
        id: 'DeleteIndex',
        tag: 'SLS: management',
        summary: 'Takes the index away; searches follow the default rules again.',
        access: 'signed',
        errors: ['IndexConfigNotExist'],
      },
      async handle(exchange) {
        const { project, name } = admit(exchange, 'log:DeleteIndex').logstore;
        await writer.execute({ do: 'deleteIndex', project, name });
        sendEmpty(exchange);
      },
    },
  ];
}

/** Throws IndexInfoInvalid, or ParameterInvalid for a field without a type. */
function decodeIndex(body: object): IndexConfig {
  const refuse = (reason: string) => {
    if (/keys\.[^;]*\.type: /.test(reason))
      return new ApiError('ParameterInvalid', { reason: 'key config must has type.' });
    return new ApiError('IndexInfoInvalid', { reason: reason.includes(NO_TOKEN) ? NO_TOKEN : reason });
  };
  return decode(indexSchema, body, refuse);
}
