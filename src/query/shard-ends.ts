/** How far each shard of a logstore has come, as whoever writes it says; and which of them nobody says anything of. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Shards } from '../model/shards.js';

export interface ShardEndsDeps {
  readonly shards: Shards;
  /** Asks whoever writes the shard. */
  readonly position: (question: ShardQuestion) => Promise<ShardPosition>;
}

export interface Ends {
  /** By shard. */
  readonly known: ReadonlyMap<number, ShardPosition>;
  /** Whose worker or node is away, or owes an answer. */
  readonly missing: readonly number[];
}

/** How long a shard is waited for that was there before. */
const PATIENCE_MS = 1000;

const LATE = Symbol('late');

export class ShardEnds {
  readonly #deps: ShardEndsDeps;
  readonly #logstoreId: number;
  /** Not answered yet, or answered since the last look; null for a failure. */
  readonly #asked = new Map<number, Promise<ShardPosition | null>>();
  #missing: readonly number[] = [];

  constructor(deps: ShardEndsDeps, logstoreId: number) {
    this.#deps = deps;
    this.#logstoreId = logstoreId;
  }

  /** One that is missing already keeps nobody waiting again: what it has said since is taken at the next look. */
  async look(): Promise<Ends> {
    const known = new Map<number, ShardPosition>();
    const missing: number[] = [];
    const isOver = new AbortController();
    const patience = sleep(PATIENCE_MS, LATE, { signal: isOver.signal }).catch(() => LATE);
    const look = async (shard: number) => {
      const wait = this.#missing.includes(shard) ? Promise.resolve(LATE) : patience;
      const answer = await Promise.race([this.#ask(shard), wait]);
      if (typeof answer === 'symbol') return missing.push(shard);
      this.#asked.delete(shard);
      return answer === null ? missing.push(shard) : known.set(shard, answer);
    };
    await Promise.all(this.#deps.shards.all.map(look));
    isOver.abort();
    this.#missing = missing.sort((a, b) => a - b);
    return { known, missing: this.#missing };
  }

  #ask(shard: number): Promise<ShardPosition | null> {
    const asked =
      this.#asked.get(shard) ?? this.#deps.position({ logstoreId: this.#logstoreId, shard }).catch(() => null);
    this.#asked.set(shard, asked);
    return asked;
  }
}
