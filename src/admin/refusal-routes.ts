/** Refused requests of web tracking, and how many there were: src/api/refusals.ts. */
import * as z from 'zod';
import type { RefusalCounts, RefusalList } from '../api/refusals.js';
import { ApiError } from '../errors.js';
import { type GatheredRefusals, mergeAnswers, type RefusalAnswer, type RefusalQuestion } from '../guard/refusal-log.js';
import { sendJson } from '../http/answer.js';
import type { Exchange, Route } from '../http/route.js';
import type { RouteDoc } from '../http/route-doc.js';
import type { Authorize } from './authorize.js';
import { decode } from './requests.js';

export interface RefusalRoutesDeps {
  readonly authorize: Authorize;
  /** Of every worker of every node. */
  askRefusals(question: RefusalQuestion): Promise<GatheredRefusals>;
}

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1000;

const listSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
  reason: z.string().optional(),
  requestId: z.string().optional(),
});

const countsSchema = z.strictObject({ step: z.enum(['minute', 'hour']).default('minute') });

const LIST_DOC: RouteDoc = {
  id: 'listRefusals',
  tag: 'Refusals',
  summary: 'Writes that were refused, the newest first.',
  access: 'key',
  query: { limit: 'At most so many, 1 to 1000.', reason: 'Of this reason alone.', requestId: 'This one alone.' },
  answer: { types: ['application/json'] },
  errors: ['ParameterInvalid'],
};
const COUNTS_DOC: RouteDoc = {
  id: 'countRefusals',
  tag: 'Refusals',
  summary: 'How many there were, by minute or by hour.',
  access: 'key',
  query: { step: 'minute or hour' },
  answer: { types: ['application/json'] },
  errors: ['ParameterInvalid'],
};

export function refusalRoutes({ authorize, askRefusals }: RefusalRoutesDeps): Route[] {
  async function ask(question: RefusalQuestion): Promise<RefusalAnswer & Pick<GatheredRefusals, 'missingNodes'>> {
    const { answers, missingNodes } = await askRefusals(question);
    return { ...mergeAnswers(answers, question.limit), missingNodes };
  }

  async function list(exchange: Exchange): Promise<void> {
    authorize(exchange, 'read');
    const { refusals, missingNodes } = await ask({
      what: 'list',
      ...placeOf(exchange),
      ...decode(listSchema, parametersOf(exchange)),
    });
    sendJson(exchange, 200, { refusals, missingNodes } satisfies RefusalList);
  }

  async function count(exchange: Exchange): Promise<void> {
    authorize(exchange, 'read');
    const { step } = decode(countsSchema, parametersOf(exchange));
    const { steps, missingNodes } = await ask({ what: step === 'minute' ? 'minutes' : 'hours', ...placeOf(exchange) });
    sendJson(exchange, 200, {
      stepSeconds: step === 'minute' ? 60 : 3600,
      steps,
      missingNodes,
    } satisfies RefusalCounts);
  }

  async function find(exchange: Exchange): Promise<void> {
    authorize(exchange, 'read');
    const requestId = exchange.params['requestId'] ?? '';
    const { refusals } = await ask({ what: 'list', requestId, limit: 1 });
    if (refusals[0] === undefined) throw new ApiError('RefusalNotExist', { id: requestId });
    sendJson(exchange, 200, refusals[0]);
  }

  const places = ['', '/projects/:project', '/projects/:project/logstores/:logstore'];
  return [
    ...places.map(
      (place): Route => ({
        method: 'GET',
        path: `/api/v1${place}/refusals`,
        doc: { ...LIST_DOC, id: `${LIST_DOC.id}${placeName(place)}` },
        handle: list,
      }),
    ),
    ...places.map(
      (place): Route => ({
        method: 'GET',
        path: `/api/v1${place}/refusal-counts`,
        doc: { ...COUNTS_DOC, id: `${COUNTS_DOC.id}${placeName(place)}` },
        handle: count,
      }),
    ),
    {
      method: 'GET',
      path: '/api/v1/refusals/:requestId',
      doc: {
        id: 'getRefusal',
        tag: 'Refusals',
        summary: 'A write that was refused, and how to mend it.',
        access: 'key',
        answer: { types: ['application/json'] },
        errors: ['NotFound'],
      },
      handle: find,
    },
  ];
}

/** What is not in the path is not asked for. */
function placeOf({ params }: Exchange): Pick<RefusalQuestion, 'project' | 'logstore'> {
  return { project: params['project'], logstore: params['logstore'] };
}

function parametersOf({ queryText }: Exchange): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(queryText));
}

/** Ends an operation's name: `OfProject`, `OfLogstore`, or nothing for all there are. */
function placeName(place: string): string {
  if (place.includes(':logstore')) return 'OfLogstore';
  return place.includes(':project') ? 'OfProject' : '';
}
