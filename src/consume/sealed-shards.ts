/** How far a shard came that nobody will ever write again: the store has all there is. */
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Clock } from '../platform/clock.js';
import { openDeadline } from '../platform/deadline.js';
import type { QueryLimits, Store } from '../store/store.js';

const LIMITS: QueryLimits = { timeMsMax: 30_000, memoryBytesMax: 256 * 1024 * 1024, rowsMax: 0 };

const LAST = `SELECT if(count() = 0, 0, max(seq) + 1) AS next FROM logs
WHERE logstore = {logstoreId:UInt64} AND shard = {shard:UInt16}`;

/** A node that is sealed while it still runs loads its last segments meanwhile. */
const REMEMBERED_MS = 60_000;

/** Asks the store once a minute for each logstore of a shard. */
export class SealedShards {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly position: ShardPosition; readonly atMs: number }>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async position({ logstoreId, shard }: ShardQuestion): Promise<ShardPosition> {
    const key = `${logstoreId} ${shard}`;
    const known = this.#known.get(key);
    if (known !== undefined && this.#clock.monotonicMs() - known.atMs < REMEMBERED_MS) return known.position;
    const { signal, close } = openDeadline(LIMITS.timeMsMax);
    try {
      const statement = { sql: LAST, parameters: { logstoreId, shard } };
      const { rows } = await this.#store.ask<{ next: string }>(statement, LIMITS, signal);
      const next = Number(rows[0]?.next ?? 0);
      const position = { next, loaded: next, storeRun: null };
      this.#known.set(key, { position, atMs: this.#clock.monotonicMs() });
      return position;
    } finally {
      close();
    }
  }
}
