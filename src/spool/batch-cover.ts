/**
 * Up to which segment all identities of batches are kept outside of the spool: no other segment may be deleted, and the next
 * start has to read the others for them.
 */
import type { BatchMemory } from '../model/batch.js';
import type { Log } from '../platform/diagnostics.js';

export interface BatchCoverOptions {
  readonly memory: BatchMemory;
  readonly log: Log;
  /** At start: the newest segment that was read, and those with identities that may be nowhere else, oldest first. */
  readonly sealedTo: number;
  readonly found: readonly number[];
}

export class BatchCover {
  readonly #memory: BatchMemory;
  readonly #log: Log;
  /** Sealed segments with identities that are not kept, oldest first. */
  #waiting: readonly number[];
  #sealedTo: number;
  #keeping: Promise<void> | null = null;

  constructor({ memory, log, sealedTo, found }: BatchCoverOptions) {
    this.#memory = memory;
    this.#log = log;
    this.#waiting = found;
    this.#sealedTo = sealedTo;
  }

  /** Segments up to this number are not needed for their identities. */
  get keptTo(): number {
    const [oldest = this.#sealedTo + 1] = this.#waiting;
    return oldest - 1;
  }

  /** Nothing more is written to the segment, and what became of its batches has been said. */
  sealed(segment: number, hasBatches: boolean): void {
    this.#sealedTo = segment;
    if (!hasBatches) return;
    this.#waiting = [...this.#waiting, segment];
    void this.keep();
  }

  /** Tries to keep what is not. Never throws; to be called again now and then. */
  keep(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    this.#keeping ??= this.#keep().finally(() => {
      this.#keeping = null;
    });
    return this.#keeping;
  }

  async #keep(): Promise<void> {
    const upTo = this.#sealedTo;
    try {
      await this.#memory.keep();
      this.#waiting = this.#waiting.filter((segment) => segment > upTo);
    } catch (error) {
      this.#log.warn({ err: error }, 'spool: identities of batches are not kept yet; their segments stay');
    }
  }
}
