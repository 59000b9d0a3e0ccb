/**
 * A worker whose app is small: it answers on both listeners, and on a port of its own that its metrics name, so that a
 * test can speak to this very process.
 *
 *   GET /pid                the process that answered
 *   GET /slow?MS            the same, after that time
 *   GET /projects           names of the projects it knows
 *   POST /projects/NAME     creates one; answers what happened, or 400 with the ApiError's code and text
 *   GET /stores             the states of the store it was told, in order
 *   GET /report             what the supervisor says of all
 */
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryCatalog } from '../../../src/catalog/view.js';
import type { Address } from '../../../src/config/setting.js';
import { ApiError } from '../../../src/errors.js';
import type { App, AppDeps } from '../../../src/supervisor/app-contract.js';
import { runWorker } from '../../../src/supervisor/run-worker.js';

runWorker(openSmallApp);

async function openSmallApp({ config, shard, events, store, supervisor }: AppDeps): Promise<App> {
  const view = new MemoryCatalog();
  view.apply(events);
  const stores = [store];
  let isReady = true;

  async function answer(request: http.IncomingMessage): Promise<unknown> {
    const url = request.url ?? '';
    if (url.startsWith('/slow?')) await sleep(Number(url.slice('/slow?'.length)));
    if (url === '/stores') return stores;
    if (url === '/report') return supervisor.report(null);
    if (url === '/projects') return view.projects().map((project) => project.name);
    if (url.startsWith('/projects/')) {
      return supervisor.execute({ do: 'createProject', name: url.slice('/projects/'.length), description: '' });
    }
    return process.pid;
  }

  function handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    answer(request).then(
      (value) => response.end(JSON.stringify(value)),
      (error) => {
        const code = error instanceof ApiError ? error.code : 'Error';
        response.writeHead(400).end(JSON.stringify({ code, message: String(error.message) }));
      },
    );
  }

  const open = async (address: Address, exclusive: boolean) => {
    const server = http.createServer(handle);
    server.listen({ ...address, exclusive });
    await once(server, 'listening');
    // A TCP server's address is an object.
    return { server, port: (server.address() as AddressInfo).port };
  };
  const tracking = await open(config.listen, false);
  const admin = await open(config.adminListen, false);
  const own = await open({ host: '127.0.0.1', port: 0 }, true);

  return {
    publicUrl: `http://127.0.0.1:${tracking.port}`,
    adminUrl: `http://127.0.0.1:${admin.port}`,
    ready: () => ({ isReady, reasons: isReady ? [] : ['draining'] }),
    status: () => NO_FIGURES,
    refusals: () => ({ refusals: [], steps: [] }),
    position: () => undefined,
    replays: async () => [],
    passage: () => undefined,
    metrics: async () => ({ shard, ownPort: own.port }),
    applyEvents: (happened) => view.apply(happened),
    storeChanged: (state) => void stores.push(state),
    applyConfig: () => {},
    async drain() {
      isReady = false;
      await Promise.all(
        [tracking, admin, own].map(async ({ server }) => {
          server.close();
          server.closeIdleConnections();
          await once(server, 'close');
        }),
      );
    },
  };
}

const NO_FIGURES = {
  spoolBytes: 0,
  unloadedSegments: 0,
  loadLagSeconds: 0,
  heldBytes: 0,
  quarantinedPlaces: 0,
  setAsideSegments: 0,
  acknowledgedLogs: 0,
};
