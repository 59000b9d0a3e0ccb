/** The wiring: opens every part of a worker, in the order of a start. With the files of `app/` alone it knows them all. */
import { NodeTasks } from './app/node-tasks.js';
import { findOldShards, openShards } from './app/open-shards.js';
import { openParts } from './app/parts.js';
import { Service } from './app/service.js';
import { MemoryCatalog } from './catalog/view.js';
import { openTlsFiles } from './http/tls-files.js';
import { Metrics } from './platform/metrics.js';
import { openStore } from './store/clickhouse.js';
import type { Store } from './store/store.js';
import type { App, AppDeps } from './supervisor/app-contract.js';
import { openServerStore } from './supervisor/server-store.js';

/** Resolves when the app accepts. */
export async function openApp(deps: AppDeps): Promise<App> {
  const { config, log } = deps;
  const catalog = new MemoryCatalog();
  catalog.apply(deps.events);
  const metrics = new Metrics();
  const store = openConfiguredStore(deps);
  const tls =
    config.tlsCert === '' ? undefined : await openTlsFiles({ certFile: config.tlsCert, keyFile: config.tlsKey, log });
  const oldShards = await findOldShards(deps, catalog);
  const spools = await openShards({ deps, catalog, store, metrics, oldShards });
  await deps.batches.allFound();
  const parts = openParts({ deps, catalog, metrics, store, spools, oldShards });
  // Which keys there are is known before the first log is accepted.
  await parts.schemaWatch.report();
  const tasks = store && deps.isFirst ? await NodeTasks.open(parts, store) : undefined;
  const service = new Service(parts, tasks, tls);
  await service.listen();
  tasks?.begin();
  return service;
}

/** Undefined if logs are only kept. */
function openConfiguredStore({ config, store, log }: AppDeps): Store | undefined {
  return config.store === 'cluster' ? openServerStore(config, log) : store && openStore({ socket: store.socket, log });
}
