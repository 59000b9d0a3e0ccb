/**
 * Deletes by search, round after round, while processes of the service are killed at random and clients go on writing; and
 * accounts for every log: none that was meant is left, in the store or the spool, and every other one that was answered 200 is
 * there exactly once.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deletion } from '../../../src/api/deletions.js';
import { Random } from '../random.js';
import type { Log } from '../service.js';
import { CrashService } from './crash-service.js';
import { killAll, type ServiceProcess, signal } from './processes.js';
import { copyProduct, type Patch } from './product.js';

export interface DeletionRunOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly workers: number;
  /** Of each round. */
  readonly strikes: number;
  readonly holdAge: string;
  /** Bugs planted into a copy of the product. */
  readonly patches?: readonly Patch[];
}

export interface DeletionReport {
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly deleted: number;
}

/** Deletes while the loader may still count what it holds and insert what is missing. */
export const DOES_NOT_WAIT: Patch = {
  file: 'query/deletion/deletion-runner.js',
  find: 'if (oldest === null || oldest > segment)',
  replace: 'if (true)',
};

const LOGSTORE = '/api/v1/projects/default/logstores/web';
const RECOVERY_MS_MAX = 90_000;
const VICTIMS = ['store', 'worker', 'supervisor', 'all'] as const;

/** Rejects what never ends: `look` is repeated until it resolves to something. */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + RECOVERY_MS_MAX;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`not within ${RECOVERY_MS_MAX} ms: ${what}`);
    await sleep(100);
  }
}

export async function runDeletions(options: DeletionRunOptions): Promise<DeletionReport> {
  const { rounds, seed, workers, strikes, holdAge, patches } = options;
  const random = new Random(seed);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-deletions-'));
  const service = new CrashService({
    data: path.join(directory, 'data'),
    workers,
    flags: ['--spool-hold-age', holdAge],
    ...(patches === undefined ? {} : { command: copyProduct(path.join(directory, 'product'), patches) }),
  });
  const clients = new WritingClients(() => service.service.publicUrl);
  const faults: string[] = [];
  let deleted = 0;
  try {
    await service.start();
    clients.start();
    for (let round = 0; round < rounds; round += 1) {
      clients.person = `p${round}`;
      await clients.nextAcknowledged(40);
      await strikeNow(service, random);
      await clients.nextAcknowledged(20);
      const logs = await deleteOne(service, clients, random, strikes);
      deleted += logs;
      // The engine's next run makes the loaders count the rows of all that they hold.
      for (const { pid, role } of service.processes()) if (role === 'store') signal(pid, 'SIGKILL');
      await service.quiet();
      await clients.nextAcknowledged(1);
      await clients.pause();
      faults.push(...(await account(service, clients)).map((fault) => `round ${round}: ${fault}`));
      if (faults.length > 0) break;
      clients.start();
    }
  } finally {
    await service.end();
    await clients.pause();
  }
  if (faults.length === 0) fs.rmSync(directory, { recursive: true, force: true });
  return { faults, acknowledged: clients.acknowledged.length, deleted };
}

/** Begins a deletion and kills until it is done. Returns how many logs it says to have deleted. */
async function deleteOne(
  service: CrashService,
  clients: WritingClients,
  random: Random,
  strikes: number,
): Promise<number> {
  const { person } = clients;
  const meant = clients.acknowledgedOf(person);
  const deletion = await eventually('a deletion is begun', async () => {
    const body = { query: `person: ${person}`, from: 0, to: 9_000_000_000 };
    const response = await service.service.admin('POST', `${LOGSTORE}/deletions`, body);
    return response.status === 201 ? ((await response.json()) as Deletion) : undefined;
  });
  clients.person = `${person}late`;
  const look = async () => {
    const response = await service.service.admin('GET', `${LOGSTORE}/deletions/${deletion.id}`);
    const { state, logs } = (await response.json()) as Deletion;
    if (state === 'failed') throw new Error(`the deletion has failed`);
    return state === 'done' ? (logs ?? 0) : undefined;
  };
  for (let strike = 0; strike < strikes; strike += 1) {
    await sleep(random.between(0, 1500));
    const done = await look().catch(() => undefined);
    if (done !== undefined) break;
    await strikeNow(service, random);
  }
  const logs = await eventually('the deletion is done', look);
  for (const n of meant) clients.deleted.add(n);
  return logs;
}

async function strikeNow(service: CrashService, random: Random): Promise<void> {
  const victim = random.pick(VICTIMS);
  if (victim === 'all') {
    await killAll(() => service.processes());
  } else {
    const victims = service.processes().filter(({ role }) => role === victim);
    const [first, ...others] = victims;
    if (first !== undefined) signal(random.pick<ServiceProcess>([first, ...others]).pid, 'SIGKILL');
  }
  if (victim === 'supervisor' || victim === 'all') {
    await killAll(() => service.processes());
    await service.start();
  }
}

async function account(service: CrashService, clients: WritingClients): Promise<string[]> {
  const expected = clients.acknowledged.filter((n) => !clients.mayBeDeleted(n));
  const counts = new Map<number, number>();
  await eventually('all logs are there', async () => {
    const found = await service.service.logs('web', { count: expected.length });
    counts.clear();
    for (const { n } of found as Log[]) counts.set(Number(n), (counts.get(Number(n)) ?? 0) + 1);
    return expected.every((n) => counts.has(n)) || [...clients.deleted].some((n) => counts.has(n)) ? true : undefined;
  });
  return [
    ...[...clients.deleted].filter((n) => counts.has(n)).map((n) => `log ${n} was deleted and is there`),
    ...expected.filter((n) => !counts.has(n)).map((n) => `log ${n} is lost`),
    ...[...counts].filter(([, count]) => count > 1).map(([n, count]) => `log ${n} is there ${count} times`),
    ...[...clients.deleted].filter((n) => spoolHas(service.data, n)).map((n) => `log ${n} is in the spool`),
  ];
}

/** The spool is text. */
function spoolHas(data: string, n: number): boolean {
  const spool = path.join(data, 'spool');
  const files = fs.readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((file) => /json$|bad$/.test(file));
  return files.some(
    (file) => fs.existsSync(path.join(spool, file)) && fs.readFileSync(path.join(spool, file)).includes(`"n":"${n}"`),
  );
}

/** Clients that write one log after the other, each with a number of its own and the person of the moment. */
class WritingClients {
  readonly acknowledged: number[] = [];
  readonly deleted = new Set<number>();
  readonly #persons = new Map<number, string>();
  readonly #url: () => string;
  person = '';
  #next = 0;
  #working: Promise<unknown> | null = null;
  #isPaused = false;

  constructor(url: () => string) {
    this.#url = url;
  }

  start(): void {
    this.#isPaused = false;
    this.#working = Promise.all([this.#write(), this.#write()]);
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    await this.#working;
  }

  /** Of its person and acknowledged while the deletion was being begun: either is right. */
  mayBeDeleted(n: number): boolean {
    return !this.#persons.get(n)?.endsWith('late');
  }

  acknowledgedOf(person: string): number[] {
    return this.acknowledged.filter((n) => this.#persons.get(n) === person);
  }

  async nextAcknowledged(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    await eventually(`${count} logs are acknowledged`, async () => this.acknowledged.length >= goal || undefined);
  }

  async #write(): Promise<void> {
    while (!this.#isPaused) {
      const [n, person] = [this.#next++, this.person];
      const target = `${this.#url()}/logstores/web/track?APIVersion=0.6.0&n=${n}&person=${person}`;
      const answer = await fetch(target, { headers: { connection: 'close' } }).catch(() => undefined);
      if (answer?.status === 200) {
        this.#persons.set(n, person);
        this.acknowledged.push(n);
      }
      await sleep(10);
    }
  }
}
