/** Faults that a test asks for, to see what its client does: the next tracked requests are refused, delayed or cut off. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { sendJson } from '../http/answer.js';
import type { Exchange, Route } from '../http/route.js';

export const DELAY_MS_MAX = 60_000;

export const faultsSchema = z
  .array(
    z.strictObject({
      /** How many requests it meets; 1 if absent. */
      times: z.int().min(1).max(1_000_000).default(1),
      /** Waits so long first. */
      delayMs: z.int().min(0).max(DELAY_MS_MAX).default(0),
      /** Answers so, and keeps nothing. Without it, and without `drop`, the request is then served. */
      status: z.int().min(400).max(599).optional(),
      /** Closes the connection without an answer, and keeps nothing. */
      drop: z.boolean().default(false),
    }),
  )
  .max(1000);

export type Fault = z.infer<typeof faultsSchema>[number];

/** The code that SLS would send with a status; a client may look at both. */
const CODES: Readonly<Record<number, string>> = {
  400: 'PostBodyInvalid',
  401: 'Unauthorized',
  403: 'WriteQuotaExceed',
  404: 'LogStoreNotExist',
  500: 'InternalServerError',
  503: 'ServerBusy',
};

export class Faults {
  #faults: Fault[] = [];

  set(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ ...fault }));
  }

  /** The same route, that meets the faults which are due. */
  wrap(route: Route): Route {
    return {
      ...route,
      handle: (exchange) => {
        const fault = this.#next();
        return fault === undefined ? route.handle(exchange) : meet(fault, route, exchange);
      },
    };
  }

  #next(): Fault | undefined {
    const fault = this.#faults[0];
    if (fault === undefined) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.#faults.shift();
    return fault;
  }
}

async function meet({ delayMs, status, drop }: Fault, route: Route, exchange: Exchange): Promise<void> {
  await sleep(delayMs);
  if (drop) {
    exchange.request.socket.destroy();
  } else if (status !== undefined) {
    const errorCode = CODES[status] ?? 'InternalServerError';
    sendJson(exchange, status, { errorCode, errorMessage: 'A fault that the test asked for.' });
  } else {
    await route.handle(exchange);
  }
}
