/** How many statements may be in the engine at once; the others wait their turn. */

export class Lane {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(width: number) {
    this.#free = width;
  }

  /** Runs `work` as soon as there is room, in order of arrival. Whoever gives up while waiting leaves the queue. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(enter);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

/**
 * Loading must not wait for queries, and telling the engine to stop something must not wait for anything. Inserts take turns:
 * two segments at once would need the memory of two, and would not be faster. Inserts into other tables are questions of the kind
 * that note their answer.
 */
export class Lanes {
  readonly #queries: Lane;
  readonly #inserts = new Lane(1);
  readonly #orders = new Lane(1);

  /** `sessions` statements at once, one of them an insert; at least 2. */
  constructor(sessions: number) {
    this.#queries = new Lane(sessions - 1);
  }

  laneOf(sql: string): Lane {
    if (/^\s*INSERT\s+INTO\s+logs\b/i.test(sql)) return this.#inserts;
    if (/^\s*KILL\b/i.test(sql)) return this.#orders;
    return this.#queries;
  }
}
