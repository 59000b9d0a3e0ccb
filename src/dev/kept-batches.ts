/** Identities of batches in memory, as `serve` has them for a day. */
import type { BatchClaims } from '../model/batch.js';

/** More are a mistake of the test. */
const BATCHES_MAX = 10_000;

export class KeptBatches implements BatchClaims {
  readonly #stored = new Set<string>();
  readonly #open = new Set<string>();

  async claim({ logstoreId, batch }: Parameters<BatchClaims['claim']>[0]): ReturnType<BatchClaims['claim']> {
    const name = `${logstoreId} ${batch}`;
    const settle = (isStored: boolean) => {
      this.#open.delete(name);
      if (isStored) this.#stored.add(name);
    };
    if (this.#stored.has(name)) return { answer: { kind: 'stored' }, settle };
    if (this.#open.has(name)) return { answer: { kind: 'busy' }, settle };
    this.#open.add(name);
    const [oldest] = this.#stored.size >= BATCHES_MAX ? this.#stored : [];
    if (oldest !== undefined) this.#stored.delete(oldest);
    return { answer: { kind: 'yours', forgotten: oldest === undefined ? 0 : 1 }, settle };
  }
}
