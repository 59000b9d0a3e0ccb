/** Those who hear what happened in the catalog before it is confirmed. */
import type { Log } from '../platform/diagnostics.js';
import type { CatalogEvent } from './catalog.js';

/** Hears what happened; its promise is waited for before the command is confirmed. */
export type CatalogListener = (events: readonly CatalogEvent[]) => void | Promise<void>;

export class CatalogListeners {
  readonly #listeners = new Set<CatalogListener>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns what ends it. */
  add(listener: CatalogListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when all of them have heard; one that cannot is left behind. */
  async tell(events: readonly CatalogEvent[]): Promise<void> {
    const heard = await Promise.allSettled([...this.#listeners].map(async (listener) => listener(events)));
    for (const result of heard) {
      if (result.status === 'rejected') {
        this.#log.error({ err: result.reason }, 'a reader of the catalog missed an event');
      }
    }
  }
}
