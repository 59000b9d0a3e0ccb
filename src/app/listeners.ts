/** The two listeners of a worker: how they are set up, begin to accept, and end without cutting an answer. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Address } from '../config/setting.js';
import { createListener } from '../http/listener.js';
import { createRequestIds } from '../http/request-ids.js';
import type { Route } from '../http/route.js';
import type { TlsFiles } from '../http/tls-files.js';
import { systemClock } from '../platform/clock.js';
import { pathBehind } from '../tracking/target.js';
import { targetFinder } from './group-store-deps.js';
import type { Parts } from './parts.js';

/** How often a closing server looks for connections that have become idle. */
const CLOSE_CHECK_MS = 50;

/** For pages of any origin; with `tls` it speaks https. */
export function openPublicServer(parts: Parts, routes: readonly Route[], tls: TlsFiles | undefined): Server {
  const finder = targetFinder(parts);
  return createListener({
    ...listenerOptions(parts, 'public'),
    routes,
    pathBehind: (exchange) => pathBehind(exchange, finder),
    crossOrigin: true,
    tls,
  });
}

export function openAdminServer(parts: Parts, routes: readonly Route[]): Server {
  return createListener({ ...listenerOptions(parts, 'admin'), routes, crossOrigin: false });
}

function listenerOptions({ deps, metrics }: Parts, name: 'public' | 'admin') {
  const { config, log } = deps;
  return {
    requestIds: createRequestIds(systemClock),
    clock: systemClock,
    log,
    connectionsMax: config.connectionsMax,
    headersTimeoutMs: config.headersTimeout,
    requestTimeoutMs: config.requestTimeout,
    keepAliveTimeoutMs: config.keepAliveTimeout,
    onAnswer: (status: number, code: string) => metrics.countAnswer(name, status, code),
  };
}

/** Resolves to its URL when it accepts. */
export async function listen(server: Server, { host, port }: Address): Promise<string> {
  server.listen({ host, port });
  await once(server, 'listening');
  // It listens on a port, not on a path.
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${server instanceof TlsServer ? 'https' : 'http'}://${name}:${address.port}`;
}

/** Stops accepting at once, and resolves when every answer has been given. Connections are closed as they become idle. */
export async function closeServer(server: Server): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), CLOSE_CHECK_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(timer);
}
