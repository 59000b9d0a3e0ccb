/** Logstores. Settings that mean nothing here are kept and answered, so that clients find what they have set. */
import * as z from 'zod';
import type { CatalogCommand } from '../catalog/catalog.js';
import { findLogstore, findProject } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import type { Route } from '../http/route.js';
import { readSignedJson } from '../http/signed-json.js';
import type { Logstore } from '../model/catalog.js';
import type { ManageDeps } from './deps.js';
import { cut, decode, Parameters } from './requests.js';

const TTL_DAYS_DEFAULT = 30;

export function logstoreRoutes({ gate, view, writer, bodies, shards }: ManageDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/logstores',
      doc: {
        id: 'ListLogStores',
        tag: 'SLS: management',
        summary: 'Names of logstores.',
        access: 'signed',
        query: {
          offset: 'So many are passed over.',
          size: 'At most so many.',
          logstoreName: 'Names with this in them.',
        },
        answer: { types: ['application/json'] },
        errors: ['ProjectNotExist', 'ParameterInvalid'],
      },
      handle(exchange) {
        const { project } = gate(exchange, 'log:ListLogStores');
        findProject(view, project);
        const parameters = new Parameters(exchange);
        const name = parameters.text('logstoreName') ?? '';
        const [mode, telemetryType] = [parameters.text('mode'), parameters.text('telemetryType')];
        const found = view
          .logstores(project)
          .filter((logstore) => logstore.name.includes(name))
          .filter(({ extras }) => mode === undefined || (extras['mode'] ?? DEFAULTS.mode) === mode)
          .filter(({ extras }) => telemetryType === undefined || extras['telemetryType'] === telemetryType);
        const { count, total, page } = cut(found, parameters.page());
        sendJson(exchange, 200, { count, total, logstores: page.map((logstore) => logstore.name) });
      },
    },
    {
      method: 'POST',
      path: '/logstores',
      doc: {
        id: 'CreateLogStore',
        tag: 'SLS: management',
        summary: 'Creates a logstore.',
        access: 'signed',
        body: { types: ['application/json'] },
        errors: ['JsonBodyInvalid', 'LogStoreAlreadyExist', 'LogStoreInfoInvalid'],
      },
      async handle(exchange) {
        const admission = gate(exchange, 'log:CreateLogStore');
        const { project } = admission;
        findProject(view, project);
        const settings = decodeSettings(await readSignedJson(exchange, admission, bodies));
        const { name = '', webTracking = false, ttlDays = TTL_DAYS_DEFAULT, appendMeta = false, extras } = settings;
        await writer.execute({ do: 'createLogstore', project, name, webTracking, ttlDays, appendMeta, extras });
        sendEmpty(exchange);
      },
    },
    {
      method: 'GET',
      path: '/logstores/:logstore',
      doc: {
        id: 'GetLogStore',
        tag: 'SLS: management',
        summary: 'A logstore and its settings.',
        access: 'signed',
        answer: { types: ['application/json'] },
      },
      handle(exchange) {
        const { project } = gate(exchange, 'log:GetLogStore');
        const logstore = findLogstore(view, project, exchange.params['logstore'] ?? '');
        sendJson(exchange, 200, describe(logstore, shards.written.length));
      },
    },
    {
      method: 'PUT',
      path: '/logstores/:logstore',
      doc: {
        id: 'UpdateLogStore',
        tag: 'SLS: management',
        summary: 'Changes the settings of a logstore.',
        access: 'signed',
        body: { types: ['application/json'] },
        errors: ['JsonBodyInvalid', 'LogStoreInfoInvalid'],
      },
      async handle(exchange) {
        const admission = gate(exchange, 'log:UpdateLogStore');
        const { project } = admission;
        const { name } = findLogstore(view, project, exchange.params['logstore'] ?? '');
        // The name in the body is that of the path, as SDKs send it. What is absent stays: Go's SDK omits the switch.
        const { name: _, ...changes } = decodeSettings(await readSignedJson(exchange, admission, bodies));
        await writer.execute({ do: 'updateLogstore', project, name, ...changes });
        sendEmpty(exchange);
      },
    },
    {
      method: 'DELETE',
      path: '/logstores/:logstore',
      doc: {
        id: 'DeleteLogStore',
        tag: 'SLS: management',
        summary: 'Deletes a logstore with its logs.',
        access: 'signed',
      },
      async handle(exchange) {
        const { project } = gate(exchange, 'log:DeleteLogStore');
        const name = exchange.params['logstore'] ?? '';
        await writer.execute({ do: 'deleteLogstore', project, name });
        sendEmpty(exchange);
      },
    },
    {
      // An empty name: SLS knows the path, and not the method.
      method: 'DELETE',
      path: '/logstores/',
      doc: null,
      handle(exchange) {
        gate(exchange, 'log:DeleteLogStore');
        throw new ApiError('InvalidMethod', { path: exchange.path });
      },
    },
  ];
}

/** What is answered where nothing was set. */
const DEFAULTS = { autoSplit: false, maxSplitShard: 64, telemetryType: '', mode: 'standard' } as const;

const switched = z.boolean().nullish();
const days = z.int().nullish();

/** Whatever else a body has is left out; an absent setting may be null. */
const schema = z
  .object({
    logstoreName: z.string().nullish(),
    ttl: z.int().min(1).max(3650).nullish(),
    shardCount: z.int().min(1).max(100).nullish(),
    enable_tracking: switched,
    appendMeta: switched,
    autoSplit: switched,
    maxSplitShard: z.int().nullish(),
    telemetryType: z.enum(['', 'None', 'Metrics', 'Event']).nullish(),
    hot_ttl: days,
    infrequentAccessTTL: days,
    mode: z.enum(['standard', 'query', 'lite']).nullish(),
    encrypt_conf: z.record(z.string(), z.unknown()).nullish(),
    productType: z.string().nullish(),
    processorId: z.string().nullish(),
  })
  .refine(({ autoSplit, maxSplitShard }) => autoSplit !== true || isSplitLimit(maxSplitShard), {
    message: 'maxSplitShard must be within range [1, 256]',
  });

/** Go's SDK always sends 0 where nothing is split. */
function isSplitLimit(value: number | null | undefined): boolean {
  return value === undefined || value === null || (value >= 1 && value <= 256);
}

type Settings = Omit<CatalogCommand & { do: 'updateLogstore' }, 'do' | 'project' | 'name'> & {
  name?: string | undefined;
};

/** Throws LogStoreSettingsInvalid. The number of shards is that of the workers, whatever is asked for. */
function decodeSettings(body: object): Settings {
  const refuse = (reason: string) => new ApiError('LogStoreSettingsInvalid', { reason });
  const { logstoreName, ttl, shardCount: _, enable_tracking, appendMeta, ...rest } = decode(schema, body, refuse);
  return {
    name: logstoreName ?? undefined,
    ttlDays: ttl ?? undefined,
    webTracking: enable_tracking ?? undefined,
    appendMeta: appendMeta ?? undefined,
    extras: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== null)),
  };
}

function describe(logstore: Logstore, shardCount: number): object {
  return {
    logstoreName: logstore.name,
    ttl: logstore.ttlDays,
    shardCount,
    enable_tracking: logstore.webTracking,
    appendMeta: logstore.appendMeta,
    ...DEFAULTS,
    ...logstore.extras,
    createTime: logstore.createdAt,
    lastModifyTime: logstore.updatedAt,
  };
}
