/**
 * Who of a group's consumers holds which shard. In memory: after a start, consumers say what they hold, and what nobody has
 * claimed is given to nobody before each of them had time to be heard of.
 *
 * A shard has one holder at a time. Taking it away means to leave it out of the answer, and to wait until the holder no
 * longer lists it: only then has it saved its last checkpoint. With s shards, each of c consumers gets s/c, rounded up for
 * those that hold most.
 */

interface Holding {
  readonly consumer: string;
  /** It has listed the shard since it was given it, so that not to list it means to have let it go. */
  isTaken: boolean;
  /** It is to let go. */
  isSurplus: boolean;
}

export interface Beat {
  readonly consumer: string;
  /** The shards it holds or is still finishing. */
  readonly holds: readonly number[];
  /** Every shard there is. */
  readonly shards: readonly number[];
  /** On the monotonic clock. */
  readonly nowMs: number;
  readonly timeoutMs: number;
}

export class Membership {
  /** When each consumer was heard of last. */
  readonly #heardMs = new Map<string, number>();
  readonly #holdings = new Map<number, Holding>();
  /** Until then others may hold what they have not claimed yet. */
  readonly #settledAtMs: number;

  constructor(settledAtMs: number) {
    this.#settledAtMs = settledAtMs;
  }

  /** Returns the shards that the consumer should hold, in order. */
  heartbeat({ consumer, holds, shards, nowMs, timeoutMs }: Beat): number[] {
    this.forget(nowMs, timeoutMs);
    this.#heardMs.set(consumer, nowMs);
    this.#hear(consumer, new Set(holds.filter((shard) => shards.includes(shard))));
    if (nowMs >= this.#settledAtMs) this.#share(shards);
    return shards.filter((shard) => this.#isGiven(shard, consumer)).sort((a, b) => a - b);
  }

  /** Consumers that were not heard of for too long are gone, and hold nothing. */
  forget(nowMs: number, timeoutMs: number): void {
    for (const [consumer, heardMs] of this.#heardMs) {
      if (nowMs - heardMs > timeoutMs) this.#heardMs.delete(consumer);
    }
    for (const [shard, { consumer }] of this.#holdings) if (!this.#heardMs.has(consumer)) this.#holdings.delete(shard);
  }

  has(consumer: string): boolean {
    return this.#heardMs.has(consumer);
  }

  holder(shard: number): string | undefined {
    return this.#holdings.get(shard)?.consumer;
  }

  isSettled(nowMs: number): boolean {
    return nowMs >= this.#settledAtMs;
  }

  #hear(consumer: string, holds: ReadonlySet<number>): void {
    for (const [shard, holding] of this.#holdings) {
      if (holding.consumer !== consumer || holds.has(shard)) continue;
      if (holding.isTaken || holding.isSurplus) this.#holdings.delete(shard);
    }
    for (const shard of holds) {
      const holding = this.#holdings.get(shard);
      if (holding === undefined) this.#holdings.set(shard, { consumer, isTaken: true, isSurplus: false });
      else if (holding.consumer === consumer) holding.isTaken = true;
    }
  }

  #share(shards: readonly number[]): void {
    const targets = this.#targets(shards);
    for (const [consumer, target] of targets) {
      const held = shards.filter((shard) => this.holder(shard) === consumer);
      for (const [i, shard] of held.entries()) {
        const holding = this.#holdings.get(shard);
        if (holding !== undefined) holding.isSurplus = i >= target;
      }
    }
    for (const shard of shards) {
      if (this.#holdings.has(shard)) continue;
      const room = ([consumer, target]: readonly [string, number]) => target - this.#givenTo(consumer, shards);
      const [neediest] = [...targets].sort((a, b) => room(b) - room(a));
      if (neediest === undefined || room(neediest) <= 0) continue;
      this.#holdings.set(shard, { consumer: neediest[0], isTaken: false, isSurplus: false });
    }
  }

  /** How many shards each consumer should hold. */
  #targets(shards: readonly number[]): Map<string, number> {
    const consumers = [...this.#heardMs.keys()].sort();
    const held = (consumer: string) => shards.filter((shard) => this.holder(shard) === consumer).length;
    // Sorting is stable: those that hold as many come by name.
    const byHeld = consumers.toSorted((a, b) => held(b) - held(a));
    const least = Math.floor(shards.length / consumers.length);
    const more = shards.length % consumers.length;
    return new Map(byHeld.map((consumer, i) => [consumer, i < more ? least + 1 : least]));
  }

  #givenTo(consumer: string, shards: readonly number[]): number {
    return shards.filter((shard) => this.#isGiven(shard, consumer)).length;
  }

  #isGiven(shard: number, consumer: string): boolean {
    const holding = this.#holdings.get(shard);
    return holding !== undefined && holding.consumer === consumer && !holding.isSurplus;
  }
}
