/**
 * What tests ask the emulator:
 *
 *   GET    /__test__/logs?project=&logstore=&match={"event":"buy"}&count=1&wait=5000   → {"logs": [{…}]}
 *   DELETE /__test__/logs                                                              forgets logs and faults
 *   PUT    /__test__/faults   [{"status": 503, "times": 2}, {"delayMs": 100}, {"drop": true}]
 *
 * With `count`, the answer comes as soon as there are so many, or after `wait` milliseconds with what there is.
 */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Route } from '../http/route.js';
import { type Faults, faultsSchema } from './faults.js';
import type { KeptLogs } from './kept-logs.js';

const WAIT_MS_MAX = 60_000;
const BODY_BYTES_MAX = 64 * 1024;

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().max(max));

const querySchema = z.strictObject({
  project: z.string().optional(),
  logstore: z.string().optional(),
  match: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('must be JSON');
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), z.string()))
    .optional(),
  count: wholeNumber(1_000_000).default(0),
  wait: wholeNumber(WAIT_MS_MAX).default(0),
});

export function testRoutes(logs: KeptLogs, faults: Faults): Route[] {
  return [
    {
      method: 'GET',
      path: '/__test__/logs',
      doc: null,
      async handle(exchange) {
        const parameters = Object.fromEntries(new URLSearchParams(exchange.queryText));
        const { count, wait, ...filter } = decode(querySchema, parameters);
        const found = await logs.wait(filter, count, AbortSignal.timeout(wait));
        sendJson(exchange, 200, { logs: found });
      },
    },
    {
      method: 'DELETE',
      path: '/__test__/logs',
      doc: null,
      handle(exchange) {
        logs.reset();
        faults.set([]);
        sendEmpty(exchange);
      },
    },
    {
      method: 'PUT',
      path: '/__test__/faults',
      doc: null,
      async handle(exchange) {
        faults.set(decode(faultsSchema, await readJson(exchange, BODY_BYTES_MAX)));
        sendEmpty(exchange);
      },
    },
  ];
}

function decode<Schema extends z.ZodType>(schema: Schema, given: unknown): z.infer<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ApiError('ParameterInvalid', { reason: `${issue?.path.join('.') || 'body'}: ${issue?.message}` });
}
