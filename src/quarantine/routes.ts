/** The quarantine of a logstore over the admin API: src/api/quarantine.ts. */
import * as z from 'zod';
import type { QuarantinedLogList, QuarantineStatus, ReplayList } from '../api/quarantine.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { findLogstore } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import { JSON_ANSWER } from '../http/route-doc.js';
import { QUARANTINE_TTL_DAYS } from '../model/quarantine.js';
import { parsePlace, printPlace } from '../query/log-place.js';
import { TIME_SECONDS_MAX } from '../query/selection.js';
import { explainTrouble } from '../query/trouble.js';
import type { Mender } from './mend.js';
import { describeRow } from './quarantined-row.js';
import { preview, Questions, type QuestionsDeps } from './questions.js';
import { idsOf } from './replayer.js';
import { RULE } from './rule.js';
import { type Place, placeOf, RANGE, selectionOf } from './selection.js';

export interface QuarantineRoutesDeps extends QuestionsDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly authorize: (exchange: Exchange, role: 'read' | 'manage') => unknown;
  readonly mender: Mender;
}

const BODY_BYTES_MAX = 1024 * 1024;
const LOGS_MAX = 1000;
/** Each log may have its whole text in the answer, twice. */
const PREVIEW_LOGS_MAX = 100;
const STATES = ['waiting', 'settled', 'all'] as const;

const LIST = z.strictObject({
  query: RANGE.query,
  from: z.coerce.number().min(0).max(TIME_SECONDS_MAX).default(0),
  to: z.coerce.number().min(0).max(TIME_SECONDS_MAX).default(TIME_SECONDS_MAX),
  state: z.enum(STATES).default('waiting'),
  limit: z.coerce.number().int().min(1).max(LOGS_MAX).default(100),
  after: z
    .string()
    .transform(parsePlace)
    .refine((place) => place !== null, 'not an id of a log')
    .optional(),
});
const REPLAY = z.strictObject({ rule: RULE, ...RANGE });
const PREVIEW = z.strictObject({ rule: RULE, ...RANGE, limit: z.int().min(1).max(PREVIEW_LOGS_MAX).default(20) });

const DOC = { tag: 'Quarantine', access: 'key' } as const;

export function quarantineRoutes(deps: QuarantineRoutesDeps): Route[] {
  const questions = new Questions(deps);
  const route = (
    method: Route['method'],
    path: string,
    doc: Omit<NonNullable<Route['doc']>, 'tag' | 'access'>,
    handle: (exchange: Exchange) => Promise<void>,
  ): Route => ({
    method,
    path: `/api/v1/projects/:project/logstores/:logstore/quarantine${path}`,
    doc: { ...DOC, ...doc },
    async handle(exchange) {
      deps.authorize(exchange, method === 'GET' || path === '/preview' ? 'read' : 'manage');
      try {
        await handle(exchange);
      } catch (thrown) {
        throw explainTrouble(thrown);
      }
    },
  });
  const ownerOf = ({ params }: Exchange) => findLogstore(deps.view, params['project'] ?? '', params['logstore'] ?? '');
  const find = (exchange: Exchange): Place => {
    const owner = ownerOf(exchange);
    const place = placeOf(owner);
    if (place === null) throw new ApiError('QuarantineNotExist', { logstore: owner.name });
    return place;
  };

  return [
    route(
      'GET',
      '',
      { id: 'getQuarantine', summary: 'What is in a quarantine.', answer: JSON_ANSWER },
      async (exchange) => {
        const owner = ownerOf(exchange);
        const { isOn = false, ttlDays = QUARANTINE_TTL_DAYS } = owner.quarantine ?? {};
        const place = placeOf(owner);
        const found = place === null ? EMPTY : await questions.describe(place);
        sendJson(exchange, 200, { isOn, ttlDays, ...found } satisfies QuarantineStatus);
      },
    ),
    route(
      'GET',
      '/logs',
      {
        id: 'listQuarantinedLogs',
        summary: 'Logs in quarantine, the newest first.',
        query: {
          from: 'Unix seconds; in the range.',
          to: 'Unix seconds; not in the range.',
          query: 'A search over their fields.',
          state: 'waiting, settled or all',
          limit: `At most so many, 1 to ${LOGS_MAX}.`,
          after: '`next` of the page before.',
        },
        answer: JSON_ANSWER,
        errors: ['QuarantineNotExist', 'ParameterInvalid'],
      },
      async (exchange) => {
        const place = find(exchange);
        const parameters = Object.fromEntries(new URLSearchParams(exchange.queryText));
        const { state, limit, after = null, ...range } = decode(LIST, parameters);
        const rows = await questions.rows(place, range, { state, limit: limit + 1, after });
        const logs = rows.slice(0, limit);
        const last = rows.length > limit ? logs.at(-1) : undefined;
        const next = last === undefined ? null : printPlace(last.place);
        sendJson(exchange, 200, { logs: logs.map(describeRow), next } satisfies QuarantinedLogList);
      },
    ),
    route(
      'DELETE',
      '/logs',
      { id: 'discardQuarantine', summary: 'Deletes all logs of a quarantine.', errors: ['QuarantineNotExist'] },
      async (exchange) => {
        const { owner } = find(exchange);
        await deps.writer.execute({ do: 'discardQuarantine', project: owner.project, name: owner.name });
        sendEmpty(exchange);
      },
    ),
    route(
      'POST',
      '/preview',
      {
        id: 'previewReplay',
        summary: 'What a rule would make of some logs.',
        body: { schema: PREVIEW },
        answer: JSON_ANSWER,
        errors: ['QuarantineNotExist', 'ParameterInvalid'],
      },
      async (exchange) => {
        const place = find(exchange);
        const { rule, limit, ...range } = decode(PREVIEW, await readJson(exchange, BODY_BYTES_MAX));
        const rows = await questions.rows(place, range, { state: 'waiting', limit, after: null });
        sendJson(exchange, 200, preview(deps.mender, rule, rows));
      },
    ),
    route(
      'GET',
      '/replays',
      { id: 'listReplays', summary: 'Replays of a logstore, the newest first.', answer: JSON_ANSWER },
      async (exchange) => {
        const replays = await deps.replays({ do: 'list', logstoreId: ownerOf(exchange).id });
        sendJson(exchange, 200, { replays } satisfies ReplayList);
      },
    ),
    route(
      'POST',
      '/replays',
      {
        id: 'startReplay',
        summary: 'Stores logs of a quarantine, changed by a rule, each once.',
        body: { schema: REPLAY },
        answer: { ...JSON_ANSWER, status: 201 },
        errors: ['QuarantineNotExist', 'ParameterInvalid', 'ReplayRunning'],
      },
      async (exchange) => {
        const place = find(exchange);
        const { rule, ...range } = decode(REPLAY, await readJson(exchange, BODY_BYTES_MAX));
        // Whether the search is one is said here and not when it runs.
        selectionOf(range, place);
        const [replay] = await deps.replays({ do: 'start', rule, ...range, ...idsOf(place) });
        sendJson(exchange, 201, replay);
      },
    ),
    route(
      'GET',
      '/replays/:replay',
      { id: 'getReplay', summary: 'How far a replay has come.', answer: JSON_ANSWER, errors: ['ReplayNotExist'] },
      async (exchange) => {
        const id = exchange.params['replay'] ?? '';
        const replays = await deps.replays({ do: 'list', logstoreId: ownerOf(exchange).id });
        const replay = replays.find((one) => one.id === id);
        if (replay === undefined) throw new ApiError('ReplayNotExist', { id });
        sendJson(exchange, 200, replay);
      },
    ),
    route(
      'DELETE',
      '/replays/:replay',
      {
        id: 'cancelReplay',
        summary: 'Ends a replay; what it has stored stays.',
        answer: JSON_ANSWER,
        errors: ['ReplayNotExist'],
      },
      async (exchange) => {
        const id = exchange.params['replay'] ?? '';
        const [replay] = await deps.replays({ do: 'cancel', logstoreId: ownerOf(exchange).id, id });
        sendJson(exchange, 200, replay);
      },
    ),
  ];
}

const EMPTY = { logstore: null, waiting: [], oldestTime: null, settledLogs: 0, replay: null };

function decode<T>(schema: z.ZodType<T>, value: unknown): T {
  const decoded = schema.safeParse(value);
  if (decoded.success) return decoded.data;
  const [issue] = decoded.error.issues;
  throw new ApiError('ParameterInvalid', { reason: `${issue?.path.join('.') || 'body'}: ${issue?.message}` });
}
