/** The store of a node that stands before a server or cluster of others, as the settings have it. */
import { type Config, serverPlace } from '../config.js';
import type { Log } from '../platform/diagnostics.js';
import { openStore } from '../store/clickhouse.js';
import type { Store } from '../store/store.js';

export function openServerStore(config: Config, log: Log): Store {
  const { storeDatabase: database, storeAnswerTimeMax: answerMsMax } = config;
  return openStore({ server: serverPlace(config), database, answerMsMax, log });
}
