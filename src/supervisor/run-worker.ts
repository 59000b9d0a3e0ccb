/** The life of a worker process: it starts when the supervisor says so, beats, and ends when the supervisor does. */
import * as path from 'node:path';
import { openLog } from '../platform/diagnostics.js';
import { type DirectoryLock, lockDirectory } from '../platform/lock.js';
import type { App, OpenApp } from './app-contract.js';
import { batchCalls } from './batch-calls.js';
import { Calls } from './calls.js';
import type { StartOrder, SupervisorProcedures, WorkerProcedures } from './messages.js';

/** A predecessor whose supervisor was killed ends within moments, unless its disk has stalled. */
const PREDECESSOR_MS_MAX = 5000;

/** The supervisor does little; only its disk and workers that hang can hold it up. */
const SUPERVISOR_MS_MAX = 10_000;

export function runWorker(openApp: OpenApp): void {
  // A terminal and a service manager signal every process of the group; when to stop is the supervisor's to say.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('SIGHUP', () => {});
  // The supervisor is gone. The spool is safe at any instant, so there is nothing to do first.
  process.on('disconnect', () => process.exit(1));

  let lock: DirectoryLock | undefined;
  let app: App | undefined;
  /** Settles when the app accepts or never will; then the supervisor kills us. */
  let opening: Promise<unknown> = Promise.resolve();

  const supervisor = new Calls<SupervisorProcedures, WorkerProcedures>(process, {
    async start(order) {
      process.title = `logboom worker ${order.shard}`;
      const beat = () => supervisor.tell('beat', app ? { ready: app.ready(), status: app.status() } : null);
      setInterval(beat, order.beatEveryMs);
      beat();
      const opened = open(order);
      opening = opened.catch(() => {});
      const { publicUrl, adminUrl } = await opened;
      beat();
      return { publicUrl, adminUrl };
    },
    // What comes while the app opens waits for it, in order.
    async applyEvents(events) {
      await opening;
      app?.applyEvents(events);
    },
    async storeChanged(state) {
      await opening;
      app?.storeChanged(state);
    },
    async applyConfig(config) {
      await opening;
      app?.applyConfig(config);
    },
    async position(question) {
      await opening;
      const position = app?.position(question);
      if (position === undefined) throw new Error(`shard ${question.shard} is not open here`);
      return position;
    },
    async replays(call) {
      await opening;
      if (app === undefined) throw new Error('the worker is not open');
      return app.replays(call);
    },
    async passage(question) {
      await opening;
      const passage = await app?.passage(question);
      if (passage === undefined) throw new Error(`shard ${question.shard} is not open here`);
      return passage;
    },
    async metrics() {
      return app?.metrics();
    },
    async refusals(question) {
      return app?.refusals(question);
    },
    async drain(msMax) {
      await opening;
      await app?.drain(msMax);
      lock?.release();
      process.exit(0);
    },
  });

  supervisor.tell('hello', null);

  async function open({ config, shard, isFirst, events, store, addressKey }: StartOrder): Promise<App> {
    const spoolDirectory = path.join(config.data, 'spool', String(shard));
    lock = await lockDirectory(spoolDirectory, PREDECESSOR_MS_MAX);
    app = await openApp({
      config,
      shard,
      isFirst,
      spoolDirectory,
      events,
      store,
      addressKey,
      supervisor: supervisor.procedures(SUPERVISOR_MS_MAX),
      batches: batchCalls(supervisor, SUPERVISOR_MS_MAX),
      log: openLog(`worker ${shard}`, config.logLevel),
    });
    return app;
  }
}
