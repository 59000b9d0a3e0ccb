/**
 * Nodes on hosts of their own, whose cables are pulled and whose processes are killed at random, round after round, while clients
 * write to either and operators change the catalog at both. Then every log that was answered 200 is in the store once, others
 * once or not at all, and both nodes have one catalog, in which is what was confirmed.
 */
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { account, type Fault, faultOf } from '../crash/account.js';
import { Clients } from '../crash/clients.js';
import { Ledger } from '../crash/ledger.js';
import type { Patch } from '../crash/product.js';
import { readRows } from '../crash/rows.js';
import { Random } from '../random.js';
import { CatalogChanges, listLogstores } from './catalog-changes.js';
import { NodeTown } from './node-town.js';
import { TROUBLES } from './troubles.js';

export interface NodesOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Rounds from one account to the next. */
  readonly accountEvery: number;
  /** Bugs of the product that the run has to find. */
  readonly patches?: readonly Patch[];
  /** How long everything acknowledged may take to be in the store. */
  readonly loadedMsMax?: number;
  /** Called with a line for people after each round. */
  readonly tell: (line: string) => void;
}

export interface NodesReport {
  /** Empty if the promise was kept. */
  readonly faults: readonly Fault[];
  readonly rounds: number;
  readonly acknowledged: { readonly batches: number; readonly logs: number };
  readonly changes: number;
  /** Kept if there are faults. */
  readonly directory: string;
}

const CLIENTS = 6;
/** A request into nothing must not hold its client for the rest of the round. */
const ANSWER_MS_MAX = 5000;
const LOADED_MS_MAX = 60_000;
const AGREED_MS_MAX = 20_000;
const ACKNOWLEDGED_MS_MAX = 60_000;

/** Throws nothing once the hosts are there: whatever goes wrong is a fault. */
export async function runNodes(options: NodesOptions): Promise<NodesReport> {
  const run = new Run(options, await NodeTown.build(options.patches ?? []));
  const faults = await run.play().catch((error) => [faultOf(error)]);
  return run.end(faults);
}

class Run {
  readonly #options: NodesOptions;
  readonly #town: NodeTown;
  readonly #random: Random;
  readonly #ledger = new Ledger();
  readonly #clients: Clients;
  readonly #changes = new CatalogChanges();
  #round = 0;

  constructor(options: NodesOptions, town: NodeTown) {
    this.#options = options;
    this.#town = town;
    this.#random = new Random(options.seed);
    const choices = new Random(options.seed + 1);
    this.#clients = new Clients({
      count: CLIENTS,
      ledger: this.#ledger,
      random: choices,
      answerMsMax: ANSWER_MS_MAX,
      url() {
        const [first, second] = town.nodes;
        const inSight = town.nodes.filter(({ isInSight }) => isInSight);
        return (inSight.length === 1 ? (inSight[0] ?? first) : choices.pick([first, second])).service.service.publicUrl;
      },
    });
  }

  async play(): Promise<readonly Fault[]> {
    const { rounds, accountEvery } = this.#options;
    await this.#town.startNodes();
    this.#clients.start();
    while (this.#round < rounds) {
      await this.#playRound();
      if (this.#round % accountEvery !== 0 && this.#round < rounds) continue;
      const faults = await this.#account();
      if (faults.length > 0) return faults;
    }
    return [];
  }

  /** Leaves no process, and no files unless there is something to look into. */
  async end(faults: readonly Fault[]): Promise<NodesReport> {
    const { directory } = this.#town;
    await this.#clients.pause();
    await this.#town.remove();
    if (faults.length === 0) fs.rmSync(directory, { recursive: true, force: true });
    const { acknowledged } = this.#ledger;
    return { faults, rounds: this.#round, acknowledged, changes: this.#changes.confirmed, directory };
  }

  async #playRound(): Promise<void> {
    this.#round++;
    const random = this.#random;
    const kinds = Object.values(TROUBLES).filter(() => random.chance(0.6));
    const troubles = (kinds.length === 0 ? [TROUBLES.ways] : kinds).map((kind) =>
      pickOne(Object.entries(kind), random),
    );
    const happening = Promise.all(troubles.map(([, trouble]) => trouble(this.#town, random)));
    await Promise.all([happening, this.#changeCatalog()]);
    await this.#town.heal();
    await withinMs(this.#ledger.nextAcknowledged(), ACKNOWLEDGED_MS_MAX, 'nothing is acknowledged');
    this.#options.tell(`round ${this.#round}: ${troubles.map(([name]) => name).join(', ')}`);
  }

  async #changeCatalog(): Promise<void> {
    const services = this.#town.nodes.map(({ service }) => service.service);
    await sleep(this.#random.between(0, 1500));
    await this.#changes.create(services, `both-${this.#round}`);
    for (const service of services)
      await this.#changes.create([service], `one-${this.#round}-${services.indexOf(service)}`);
    await this.#changes.deleteAny(services[this.#random.below(2)] ?? this.#town.nodes[0].service.service);
  }

  async #account(): Promise<Fault[]> {
    await this.#clients.pause();
    const { batches, oddAnswers } = this.#ledger;
    const faults = await this.#accountLogs();
    for (const text of [...oddAnswers, ...this.#changes.faults, ...(await this.#disagreements())]) {
      faults.push({ kind: 'other', text });
    }
    for (const { service } of this.#town.nodes) {
      for (const text of service.asideFiles) faults.push({ kind: 'other', text });
    }
    this.#options.tell(`account of ${batches.length} batches: ${faults.length} faults`);
    this.#clients.start();
    return faults;
  }

  /** When the spools are empty and nothing that was acknowledged is missing any more, or it has had time enough. */
  async #accountLogs(): Promise<Fault[]> {
    const { nodes, store } = this.#town;
    const deadline = performance.now() + (this.#options.loadedMsMax ?? LOADED_MS_MAX);
    for (;;) {
      const isDrained = nodes.every(({ service }) => service.isDrained);
      const found = await readRows((sql) => store.run(sql));
      const faults = account(this.#ledger.batches, found, 'store');
      const isWhole = isDrained && !faults.some(({ kind }) => kind === 'lost');
      if (isWhole || performance.now() > deadline) {
        return isDrained ? faults : [...faults, { kind: 'other', text: 'not everything is loaded in the end' }];
      }
      await sleep(100);
    }
  }

  async #disagreements(): Promise<string[]> {
    const deadline = performance.now() + AGREED_MS_MAX;
    for (;;) {
      const [a, b] = await Promise.all(this.#town.nodes.map(({ service }) => listLogstores(service.service)));
      const isOver = performance.now() > deadline;
      const wrong = [...this.#changes.check('a', a ?? []), ...this.#changes.check('b', b ?? [])];
      const areEqual = isDeepStrictEqual(a, b);
      if ((areEqual && wrong.length === 0) || isOver) return areEqual ? wrong : ['the catalogs differ', ...wrong];
      await sleep(200);
    }
  }
}

function pickOne<T>(items: readonly T[], random: Random): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

async function withinMs(promise: Promise<void>, ms: number, trouble: string): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`${trouble} within ${ms} ms`)), ms).unref();
  });
  await Promise.race([promise, late]);
}
