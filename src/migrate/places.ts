/** The two stores of a migration: the embedded one of a data directory, and the servers. */
import * as path from 'node:path';
import type { Config } from '../config.js';
import type { Log } from '../platform/diagnostics.js';
import { DirectoryInUse, lockDirectory } from '../platform/lock.js';
import { openStore } from '../store/clickhouse.js';
import { withEngine } from '../store/embedded/with-engine.js';
import { type Store, StoreUnavailable } from '../store/store.js';
import { openServerStore } from '../supervisor/server-store.js';
import { storeSocket } from '../supervisor/store-socket.js';

/** To count all logs of a large store. */
const ANSWER_MS_MAX = 60 * 60_000;

/** Works with the store of the servers that the settings name. */
export async function withServers<T>(config: Config, log: Log, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openServerStore({ ...config, storeAnswerTimeMax: ANSWER_MS_MAX }, log);
  return work(store).finally(() => store.close());
}

/**
 * Works with the embedded store of a data directory: by way of the service that runs with it, or by an engine of its own, while which
 * no service can start there.
 */
export async function withEmbedded<T>(config: Config, log: Log, work: (store: Store) => Promise<T>): Promise<T> {
  const running = openEmbedded(storeSocket(config.data), log);
  try {
    if (await answers(running)) return await work(running);
  } finally {
    await running.close();
  }
  return withEngineOf(config, log, work);
}

/** The same with an engine of its own in any case: the service that runs, if one does, must not be one with an embedded store. */
export async function withEngineOf<T>(config: Config, log: Log, work: (store: Store) => Promise<T>): Promise<T> {
  const { data, storeMemoryBytesMax: memoryBytesMax, storeSessions: sessions } = config;
  const lock = await lockDirectory(data, 0).catch((error: unknown) => {
    // A service with `store: cluster` leaves the embedded store alone.
    if (error instanceof DirectoryInUse) return undefined;
    throw error;
  });
  try {
    return await withEngine(path.join(data, 'store'), { memoryBytesMax, sessions }, (socket) => {
      const store = openEmbedded(socket, log);
      return work(store).finally(() => store.close());
    });
  } finally {
    lock?.release();
  }
}

function openEmbedded(socket: string, log: Log): Store {
  return openStore({ socket, log, answerMsMax: ANSWER_MS_MAX });
}

async function answers(store: Store): Promise<boolean> {
  try {
    await store.ping();
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailable) return false;
    throw error;
  }
}
