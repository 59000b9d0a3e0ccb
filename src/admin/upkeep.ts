/**
 * Keeps the store in step with the catalog: logs of a deleted logstore are deleted, and logs have the retention that
 * their logstore has now. Compares what is there with what should be, so that a store that was away when something
 * changed is mended when it is back.
 */
import type { CatalogView } from '../catalog/catalog.js';
import type { Log } from '../platform/diagnostics.js';
import type { Store } from '../store/store.js';

export interface UpkeepDeps {
  readonly store: Pick<Store, 'ttls' | 'setTtl' | 'deleteLogstore'>;
  readonly view: Pick<CatalogView, 'logstoreById' | 'deadLogstores'>;
  readonly log: Log;
}

/** Logs that were received under an earlier retention are still loaded for a while after a change. */
const EVERY_MS = 10 * 60 * 1000;
const RETRY_MS = 5000;

export class Upkeep {
  readonly #deps: UpkeepDeps;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(deps: UpkeepDeps) {
    this.#deps = deps;
  }

  /** Compares now; call it when the catalog has changed and when the store is up. */
  begin(): void {
    this.#schedule(0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const before = this.#running ?? Promise.resolve();
      this.#running = before.then(() => this.#compare());
    }, ms);
  }

  async #compare(): Promise<void> {
    const { store, view, log } = this.#deps;
    try {
      const dead = new Set(view.deadLogstores());
      for (const [id, days] of await store.ttls()) {
        const logstore = view.logstoreById(id);
        if (dead.has(id)) {
          await store.deleteLogstore(id);
          log.info({ logstore: id }, 'upkeep: the logs of a deleted logstore are deleted');
        } else if (logstore !== undefined && days.some((day) => day !== logstore.ttlDays)) {
          await store.setTtl(id, logstore.ttlDays);
          log.info({ logstore: logstore.name, ttlDays: logstore.ttlDays }, 'upkeep: retention is changed');
        }
      }
      this.#schedule(EVERY_MS);
    } catch (error) {
      log.debug({ err: error }, 'upkeep: the store cannot be brought in step now');
      this.#schedule(RETRY_MS);
    }
  }
}
