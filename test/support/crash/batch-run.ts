/**
 * Kills processes of a service at random while clients send batches under identities, again and again until each is
 * answered 200, and some more than once at a time: in the end every one is stored exactly once.
 */
import * as fs from 'node:fs';
import { request } from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../random.js';
import { CrashService } from './crash-service.js';
import { type BugName, patchesOf } from './planted-bugs.js';
import { copyProduct } from './product.js';
import { STRIKES, type StrikeName } from './strikes.js';

export interface BatchRunOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly workers: number;
  readonly planted?: BugName | undefined;
  /** Called with a line for people after each round. */
  readonly tell: (line: string) => void;
}

export interface BatchReport {
  /** Empty if every identity was stored exactly once. */
  readonly faults: readonly string[];
  readonly batches: number;
  /** Requests that were sent for them, and answers that said it was there already. */
  readonly requests: number;
  readonly known: number;
  /** Holds the data and the program; for the caller to remove. */
  readonly directory: string;
}

const CLIENTS = 8;
const NAMES = [
  ...(['worker', 'worker', 'supervisor', 'supervisor', 'everything'] as const),
  ...(['worker, then worker', 'worker stopped, then killed', 'terminate'] as const),
] as const satisfies readonly StrikeName[];
/** Segments go as soon as they are loaded, so that identities outlast them. */
const FLAGS = [
  ...['--spool-segment-age-max', '100ms', '--spool-hold-age', '0s', '--log-level', 'warn'],
  ...['--quota-address-requests', '0'],
];
/** How long a client waits before it gives up on an answer, and sends the same again. */
const PATIENCE_MS_MAX = 12_000;
const LOADED_MS_MAX = 60_000;
/** The fifth restart in a row waits for four seconds. */
const RECOVERY_MS_MAX = 60_000;

export async function runBatches({ rounds, seed, workers, planted, tell }: BatchRunOptions): Promise<BatchReport> {
  const random = new Random(seed);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-batches-'));
  const data = path.join(directory, 'data');
  const command = copyProduct(path.join(directory, 'program'), patchesOf(planted));
  const service = new CrashService({ command, data, workers, flags: FLAGS });
  await service.start();
  const senders = new Senders(() => service.service.publicUrl, new Random(seed + 1));
  try {
    senders.start();
    for (let round = 1; round <= rounds; round++) {
      await sleep(random.between(50, 1200));
      const name = random.pick(NAMES);
      await STRIKES[name]({
        data,
        random,
        processes: () => service.processes(),
        terminate: () => service.service.stop(),
      });
      if (!service.isSupervised) await service.start();
      await senders.nextStored();
      tell(`round ${round}: ${name}, ${senders.sent.size} batches`);
    }
    await senders.finish();
    const faults = [...senders.faults, ...(await findFaults(service, senders.sent))];
    return { faults, batches: senders.sent.size, requests: senders.requests, known: senders.known, directory };
  } finally {
    senders.abort();
    await service.end();
  }
}

/** What is not there exactly once, when all that there is has been loaded. */
async function findFaults(service: CrashService, sent: ReadonlySet<string>): Promise<string[]> {
  await service.quiet();
  const deadline = performance.now() + LOADED_MS_MAX;
  while (!service.isDrained && performance.now() < deadline) await sleep(50);
  const counts = new Map<string, number>();
  for (const { batch = '' } of await service.service.logs('web', { count: sent.size }))
    counts.set(batch, (counts.get(batch) ?? 0) + 1);
  const missing = [...sent].filter((batch) => !counts.has(batch)).map((batch) => `${batch} is missing`);
  const repeated = [...counts]
    .filter(([, count]) => count > 1)
    .map(([batch, count]) => `${batch} is there ${count} times`);
  return [...missing, ...repeated];
}

class Senders {
  readonly #url: () => string;
  readonly #random: Random;
  readonly #aborting = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #isFinishing = false;
  #stored = 0;
  /** All that were begun. */
  readonly sent = new Set<string>();
  readonly faults: string[] = [];
  requests = 0;
  known = 0;

  constructor(url: () => string, random: Random) {
    this.#url = url;
    this.#random = random;
  }

  start(): void {
    this.#running = Promise.all(Array.from({ length: CLIENTS }, (_, client) => this.#run(client)));
  }

  /** Resolves when batches were answered 200 that had not been sent when this was called. Throws if that takes too long. */
  async nextStored(): Promise<void> {
    const deadline = performance.now() + RECOVERY_MS_MAX;
    for (const before = this.#stored; this.#stored <= before + CLIENTS; ) {
      if (performance.now() > deadline) throw new Error(`nothing is stored within ${RECOVERY_MS_MAX} ms`);
      await sleep(10);
    }
  }

  /** Resolves when everything that was begun has been answered 200. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    const giveUp = setTimeout(() => this.abort(), RECOVERY_MS_MAX);
    await this.#running;
    clearTimeout(giveUp);
    if (this.#aborting.signal.aborted) this.faults.push('not all is stored in the end');
  }

  abort(): void {
    this.#aborting.abort();
  }

  async #run(client: number): Promise<void> {
    for (let n = 0; !this.#isFinishing && !this.#aborting.signal.aborted; n++) {
      const batch = `c${client}-${n}`;
      this.sent.add(batch);
      const together = this.#random.chance(0.2) ? 2 : 1;
      await Promise.all(Array.from({ length: together }, () => this.#sendUntilStored(batch)));
      this.#stored++;
      if (!this.#random.chance(0.2)) continue;
      // As a client does whose answer got lost. By now there is no doubt.
      if ((await this.#sendUntilStored(batch)) !== 'known') this.faults.push(`${batch} was stored again`);
    }
  }

  async #sendUntilStored(batch: string): Promise<unknown> {
    while (!this.#aborting.signal.aborted) {
      this.requests++;
      const patienceMs = this.#random.chance(0.1) ? this.#random.between(1, 30) : PATIENCE_MS_MAX;
      const answer = await post(`${this.#url()}/logstores/web/track?APIVersion=0.6.0`, batch, patienceMs);
      if (answer?.status === 200) {
        if (answer.outcome === 'known') this.known++;
        return answer.outcome;
      }
      if (answer !== null && answer.status !== 503) this.faults.push(`${batch} was answered ${answer.status}`);
      await sleep(20);
    }
    return undefined;
  }
}

/** Null if there was no answer. Every request has a connection of its own, and so any worker. */
function post(url: string, batch: string, patienceMs: number): Promise<{ status: number; outcome: unknown } | null> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: { 'x-logboom-batch-id': batch },
      signal: AbortSignal.timeout(patienceMs),
    });
    sent.on('error', () => resolve(null));
    sent.on('response', (response) => {
      response.resume();
      response.on('error', () => resolve(null));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, outcome: response.headers['x-logboom-batch'] }),
      );
    });
    sent.end(JSON.stringify({ __logs__: [{ batch }] }));
  });
}
