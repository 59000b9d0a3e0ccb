/**
 * Keeps the store in step with the catalog: logs of a deleted logstore are deleted, logs have the retention that their
 * logstore has now and take no more than they may (size-upkeep.ts), and fields that an index declares have columns of their own, as have those that many logs carry.
 * Compares what is there with what should be, so that a store that was away when something changed is mended when it is back.
 */
import type { CatalogView } from '../catalog/catalog.js';
import type { Store } from '../store/store.js';
import { Rounds } from './rounds.js';
import { SizeUpkeep, type SizeUpkeepDeps } from './size-upkeep.js';

export interface UpkeepDeps extends SizeUpkeepDeps {
  readonly store: Pick<Store, 'ttls' | 'setTtl' | 'deleteLogstore' | 'dropHidden' | 'adaptLayout' | 'sizes'>;
  readonly view: Pick<CatalogView, 'logstoreById' | 'deadLogstores' | 'projects' | 'logstores'>;
}

/** Logs that were received under an earlier retention are still loaded for a while after a change; fields come and go. */
const EVERY_MS = 10 * 60 * 1000;

/** While there are too few logs to tell which fields are common. */
const LEARN_EVERY_MS = 15_000;

export class Upkeep {
  readonly #deps: UpkeepDeps;
  readonly #retention: Rounds;
  readonly #layout: Rounds;
  readonly sizes: SizeUpkeep;
  readonly #closing = new AbortController();

  constructor(deps: UpkeepDeps) {
    const { log } = deps;
    this.#deps = deps;
    this.#retention = new Rounds({ name: 'upkeep of retention', log, work: () => this.#compareRetention() });
    this.#layout = new Rounds({ name: 'upkeep of columns', log, work: () => this.#adaptLayout() });
    this.sizes = new SizeUpkeep(deps);
  }

  /** Compares now; call it when the catalog has changed and when the store is up. */
  begin(): void {
    this.#retention.begin();
    this.#layout.begin();
    this.sizes.begin();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#retention.close(), this.#layout.close(), this.sizes.close()]);
  }

  async #compareRetention(): Promise<number> {
    const { store, view, isKeeper, log } = this.#deps;
    if (!isKeeper()) return EVERY_MS;
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
    await this.#dropHidden();
    return EVERY_MS;
  }

  /** A day at a time: writing one anew takes a while, and the disk has to have room for it twice. */
  async #dropHidden(): Promise<void> {
    const { store, log } = this.#deps;
    if (await store.sizes.isChanging(this.#closing.signal)) return;
    const day = await store.dropHidden();
    if (day !== null) log.info({ day }, 'upkeep: a day is written anew without the logs of deleted logstores');
  }

  async #adaptLayout(): Promise<number> {
    const { store, isKeeper, log } = this.#deps;
    if (!isKeeper()) return LEARN_EVERY_MS;
    const { added, isInformed } = await store.adaptLayout(this.#declaredKeys(), this.#closing.signal);
    if (added.length > 0) log.info({ fields: added }, 'upkeep: fields have columns of their own');
    return isInformed ? EVERY_MS : LEARN_EVERY_MS;
  }

  #declaredKeys(): string[] {
    const { view } = this.#deps;
    const logstores = view.projects().flatMap(({ name }) => view.logstores(name));
    return logstores.flatMap(({ index }) => Object.keys(index?.config.keys ?? {}));
  }
}
