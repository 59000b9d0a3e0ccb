/** A service under load, and the account of everything that its clients were promised. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../random.js';
import { account, accountOrder, type Fault } from './account.js';
import { Clients } from './clients.js';
import { CrashService, type CrashServiceOptions } from './crash-service.js';
import { Ledger } from './ledger.js';
import { type Found, readApi, readStore } from './rows.js';

export interface TrialOptions extends CrashServiceOptions {
  readonly seed: number;
  /** How long everything acknowledged may take to be in the store; a loader that found none waits for up to 10 s. */
  readonly loadedMsMax?: number | undefined;
}

export interface Figures {
  readonly acknowledged: { readonly batches: number; readonly logs: number };
  /** Batches that were answered 503 or not at all, and how many of them the last account found all the same. */
  readonly unacknowledged: { readonly batches: number; readonly stored: number };
}

const CLIENTS = 8;
/** How long it may take until the service answers 200 again: the fifth restart in a row waits for four seconds. */
const RECOVERY_MS_MAX = 60_000;
const LOADED_MS_MAX = 60_000;
const LOOK_EVERY_MS = 100;

export class Trial {
  readonly ledger = new Ledger();
  readonly service: CrashService;
  readonly clients: Clients;
  readonly #options: TrialOptions;
  #found: Found = new Map();

  constructor(options: TrialOptions) {
    const service = new CrashService(options);
    this.#options = options;
    this.service = service;
    this.clients = new Clients({
      count: CLIENTS,
      ledger: this.ledger,
      random: new Random(options.seed),
      url: () => service.service.publicUrl,
    });
  }

  /** Starts the service and the clients. */
  async begin(): Promise<void> {
    await this.service.start();
    this.clients.start();
  }

  /** Resolves when something that is sent from now on was answered with 200. */
  async nextAcknowledged(): Promise<void> {
    await within(RECOVERY_MS_MAX, this.ledger.nextAcknowledged(), 'answer with 200');
  }

  /**
   * Accounts for everything that was sent, by what is in the store, and for what was sent since the last account, or
   * always, by what the product's API says. Meanwhile nobody writes: no client, and no process left over from a crash.
   */
  async account({ since }: { readonly since: 'last account' | 'begin' }): Promise<Fault[]> {
    const { ledger, service, clients } = this;
    await service.quiet();
    // A loader looks over what it holds before it loads this one.
    await this.nextAcknowledged();
    await clients.pause();
    const found = await this.#readLoaded();
    this.#found = found;
    const faults = account(ledger.batches, found, 'store');
    if (this.#options.workers === 1) faults.push(...accountOrder(ledger.batches, found));
    for (let part = since === 'begin' ? 1 : ledger.part; part <= ledger.part; part++) {
      const batches = ledger.batches.filter((batch) => batch.part === part);
      faults.push(...account(batches, await readApi(service.service, part), 'api'));
    }
    for (const text of [...ledger.oddAnswers, ...service.asideFiles]) faults.push({ kind: 'other', text });
    ledger.part++;
    clients.start();
    return faults;
  }

  get figures(): Figures {
    const unacknowledged = this.ledger.batches.filter(({ outcome }) => outcome !== 'acknowledged');
    const stored = unacknowledged.filter(({ id }) => this.#found.has(id)).length;
    return { acknowledged: this.ledger.acknowledged, unacknowledged: { batches: unacknowledged.length, stored } };
  }

  /** Leaves no process. */
  async end(): Promise<void> {
    await this.service.end();
    await this.clients.pause();
  }

  /** What is in the store when nothing is left to load, and nothing acknowledged is missing or has had its time. */
  async #readLoaded(): Promise<Found> {
    const deadline = performance.now() + (this.#options.loadedMsMax ?? LOADED_MS_MAX);
    for (;;) {
      const isDrained = this.service.isDrained;
      // Between two of its runs the store does not answer.
      const found = await readStore(this.service.data).catch(() => null);
      const isMissing = found === null || account(this.ledger.batches, found, '').some(({ kind }) => kind === 'lost');
      if (isDrained && !isMissing) return found;
      if (performance.now() > deadline) {
        if (found !== null && isDrained) return found;
        throw new Error(`the store does not answer, or has not got all segments:\n${this.service.service.output()}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }
}

async function within<T>(msMax: number, what: Promise<T>, name: string): Promise<T> {
  const patience = new AbortController();
  const late = sleep(msMax, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`no ${name} within ${msMax} ms`);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    late.catch(() => {});
    patience.abort();
  }
}
