/** A listener as the service has it, for the routes of one part. It is not listening yet. */
import type { Server } from 'node:http';
import { pino } from 'pino';
import { createListener, type ListenerOptions } from '../../src/http/listener.js';
import { systemClock } from '../../src/platform/clock.js';

export function testListener(options: Pick<ListenerOptions, 'routes'> & Partial<ListenerOptions>): Server {
  return createListener({
    crossOrigin: false,
    requestIds: () => '0123456789ABCDEF01234567',
    clock: systemClock,
    log: pino({ level: 'silent' }),
    connectionsMax: 100,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    keepAliveTimeoutMs: 10_000,
    onAnswer: () => undefined,
    ...options,
  });
}
