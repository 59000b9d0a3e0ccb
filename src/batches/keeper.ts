/**
 * The one keeper of batch identities, asked by all workers of a node: which batches are stored, and which are being stored
 * just now, and by whom.
 *
 * That a batch is stored stands in the spool line of its logs, so that it is true exactly when they are durable. Here it is
 * remembered for longer than the line is there. A worker that ends leaves claims open: what became of them is known when
 * the next process has read its spool, and until then nobody gets them. docs/decisions/0011-batch-identity.md
 */
import {
  BATCH_MS,
  type BatchKey,
  type Claim,
  type ClaimAnswer,
  type Settlement,
  type StoredBatch,
} from '../model/batch.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import { BatchJournal } from './journal.js';

export interface BatchKeeperOptions {
  /** The data directory. */
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** Identities that are remembered at most; the oldest go for new ones. */
  readonly countMax: number;
  /** By their shards: all of them have to say what they found before anything is known. */
  readonly workers: readonly number[];
}

/** What one worker process may ask, until it ends. */
export interface BatchSession {
  /** Waits for the outcome of another claim to the same batch, but not for long. */
  claimBatch(claim: Claim): Promise<ClaimAnswer>;
  /** Of a claim that was `yours`, or that nobody waits for any more. Never throws. */
  settleBatch(settlement: Settlement): Promise<void>;
  /** At its start: identities in segments. `isLast` says that it has read all. */
  foundBatches(found: { readonly batches: readonly StoredBatch[]; readonly isLast: boolean }): Promise<void>;
  /** Resolves when all that was settled or found so far is on stable storage. */
  keepBatches(nothing: null): Promise<void>;
}

/** How long a request waits for another one with the same identity. */
const WAIT_MS_MAX = 5000;
/** How many may wait at a time, all together. */
const WAITING_MAX = 1000;

interface OpenClaim {
  readonly worker: number;
  /** Undefined once the process has ended that made it. */
  session: object | undefined;
}

export async function openBatchKeeper(options: BatchKeeperOptions): Promise<BatchKeeper> {
  const keeper = new BatchKeeper(options);
  await keeper.open();
  return keeper;
}

export class BatchKeeper {
  readonly #options: BatchKeeperOptions;
  readonly #journal: BatchJournal;
  /** When it was stored, by batch, oldest first. */
  readonly #stored = new Map<string, number>();
  readonly #open = new Map<string, OpenClaim>();
  /** Stored, and not in the journal yet. */
  #unkept: StoredBatch[] = [];
  #keeping: Promise<void> = Promise.resolve();
  /** Workers that have not said yet what they found. */
  readonly #unheard: Set<number>;
  /** Called when something becomes known, by batch. */
  readonly #waiting = new Map<string, Set<() => void>>();
  #waitingCount = 0;

  constructor(options: BatchKeeperOptions) {
    this.#options = options;
    this.#journal = new BatchJournal(options);
    this.#unheard = new Set(options.workers);
  }

  async open(): Promise<void> {
    await this.#journal.open((batches) => {
      for (const batch of batches) this.#remember(batch);
    });
  }

  /** For one process of a worker; `end` is to be called when that has ended. */
  openSession(worker: number): BatchSession & { end(): void } {
    const session = {};
    /** Batches of open claims, by the number that the process has given them. */
    const claims = new Map<number, string>();
    const waiting = new Set<number>();
    let isEnded = false;
    return {
      claimBatch: async ({ claim, ...key }) => {
        waiting.add(claim);
        const name = nameOf(key);
        const isWanted = () => !isEnded && waiting.has(claim);
        const answer = await this.#claim(name, { worker, session }, isWanted);
        waiting.delete(claim);
        if (answer.kind === 'yours') claims.set(claim, name);
        return answer;
      },
      settleBatch: async ({ claim, isStored }) => {
        waiting.delete(claim);
        const name = claims.get(claim);
        claims.delete(claim);
        if (name !== undefined) this.#settle(name, session, isStored);
      },
      foundBatches: async ({ batches, isLast }) => {
        for (const batch of batches) this.#takeFound(batch);
        if (isLast && !isEnded) this.#heard(worker);
      },
      keepBatches: () => this.#keep(),
      end: () => {
        isEnded = true;
        for (const claim of this.#open.values()) if (claim.session === session) claim.session = undefined;
      },
    };
  }

  async close(): Promise<void> {
    await this.#keep().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'identities of batches are read from the spool at the next start');
    });
    await this.#journal.close();
  }

  async #claim(name: string, claim: OpenClaim, isWanted: () => boolean): Promise<ClaimAnswer> {
    const untilMs = this.#options.clock.monotonicMs() + WAIT_MS_MAX;
    for (;;) {
      if (!isWanted()) return { kind: 'busy' };
      if (this.#isStored(name)) return { kind: 'stored' };
      if (this.#unheard.size === 0 && !this.#open.has(name)) break;
      const leftMs = untilMs - this.#options.clock.monotonicMs();
      if (leftMs <= 0 || this.#waitingCount >= WAITING_MAX) return { kind: 'busy' };
      await this.#change(name, leftMs);
    }
    // What cannot be kept for long is not taken on: the spool could not let go of its segments.
    if (this.#unkept.length >= this.#options.countMax) return { kind: 'busy' };
    this.#open.set(name, claim);
    return { kind: 'yours', forgotten: this.#makeRoom() };
  }

  #settle(name: string, session: object, isStored: boolean): void {
    if (this.#open.get(name)?.session !== session) return;
    this.#open.delete(name);
    if (isStored) this.#add({ ...keyOf(name), timeMs: this.#options.clock.wallMs() });
    this.#wake(name);
  }

  #takeFound(batch: StoredBatch): void {
    const name = nameOf(batch);
    this.#open.delete(name);
    if (!this.#isStored(name)) this.#add(batch);
    this.#wake(name);
  }

  /** What the ended process had claimed and nobody found was not stored. */
  #heard(worker: number): void {
    this.#unheard.delete(worker);
    for (const [name, claim] of this.#open) {
      if (claim.worker === worker && claim.session === undefined) this.#open.delete(name);
    }
    for (const name of [...this.#waiting.keys()]) this.#wake(name);
  }

  #add(batch: StoredBatch): void {
    this.#remember(batch);
    this.#unkept.push(batch);
  }

  #remember(batch: StoredBatch): void {
    if (batch.timeMs > this.#options.clock.wallMs() - BATCH_MS) this.#stored.set(nameOf(batch), batch.timeMs);
  }

  #isStored(name: string): boolean {
    return (this.#stored.get(name) ?? 0) > this.#options.clock.wallMs() - BATCH_MS;
  }

  /** Drops what is too old, and the oldest where there are too many; returns how many of these there were. */
  #makeRoom(): number {
    const sinceMs = this.#options.clock.wallMs() - BATCH_MS;
    let forgotten = 0;
    for (const [name, timeMs] of this.#stored) {
      const isOver = this.#stored.size + this.#open.size > this.#options.countMax;
      if (timeMs > sinceMs && !isOver) break;
      this.#stored.delete(name);
      if (timeMs > sinceMs) forgotten++;
    }
    return forgotten;
  }

  /** One write behind the other; what comes during one is in the next. */
  #keep(): Promise<void> {
    this.#keeping = this.#keeping.catch(() => {}).then(() => this.#writeUnkept());
    return this.#keeping;
  }

  async #writeUnkept(): Promise<void> {
    const batches = this.#unkept;
    this.#unkept = [];
    try {
      await this.#journal.append(batches);
    } catch (error) {
      this.#unkept = [...batches, ...this.#unkept];
      throw error;
    }
    await this.#journal.forget(this.#options.clock.wallMs() - BATCH_MS, this.#options.countMax);
  }

  #wake(name: string): void {
    for (const wake of [...(this.#waiting.get(name) ?? [])]) wake();
  }

  /** Resolves when something becomes known of the batch, or after `msMax`. */
  #change(name: string, msMax: number): Promise<void> {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    this.#waitingCount++;
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(name);
        this.#waitingCount--;
        resolve();
      };
      const timer = setTimeout(wake, msMax);
      waiting.add(wake);
    });
  }
}

function nameOf({ logstoreId, batch }: BatchKey): string {
  return `${logstoreId} ${batch}`;
}

function keyOf(name: string): BatchKey {
  const blank = name.indexOf(' ');
  return { logstoreId: Number(name.slice(0, blank)), batch: name.slice(blank + 1) };
}
