/** What machines ask of the admin listener: whether the process lives, whether writes are accepted, and all figures. */
import { sendBytes, sendJson } from '../http/answer.js';
import type { Route } from '../http/route.js';

export interface HealthDeps {
  /** Of the whole node. `reasons` are for people and empty if ready. */
  readiness(): Promise<{ readonly isReady: boolean; readonly reasons: readonly string[] }>;
  /** Of the whole node, in the text format of Prometheus. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Answers as long as the process can answer at all. */
export const livenessRoute: Route = {
  method: 'GET',
  path: '/healthz',
  doc: {
    id: 'getHealth',
    tag: 'Operation',
    summary: 'Whether the process answers.',
    access: 'open',
    answer: { types: ['application/json'] },
  },
  handle: (exchange) => sendJson(exchange, 200, { status: 'ok' }),
};

export function healthRoutes({ readiness, metrics }: HealthDeps): Route[] {
  return [
    livenessRoute,
    {
      method: 'GET',
      path: '/readyz',
      doc: {
        id: 'getReadiness',
        tag: 'Operation',
        summary: 'Whether writes are accepted; 503 with the reasons if not.',
        access: 'open',
        answer: { types: ['application/json'] },
      },
      async handle(exchange) {
        const { isReady, reasons } = await readiness();
        sendJson(exchange, isReady ? 200 : 503, { ready: isReady, reasons });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      doc: {
        id: 'getMetrics',
        tag: 'Operation',
        summary: 'Figures for Prometheus.',
        access: 'open',
        answer: { types: ['text/plain'] },
      },
      async handle(exchange) {
        const { contentType, text } = await metrics();
        sendBytes(exchange, 200, contentType, text);
      },
    },
  ];
}
