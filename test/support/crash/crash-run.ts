/**
 * Kills processes of a service at random under load, round after round on one data directory, and accounts for every log:
 * those answered 200 are there exactly once, those without an answer at most once and only as a whole request.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Random } from '../random.js';
import { type Fault, faultOf } from './account.js';
import { MOMENTS, waitForMoment } from './moments.js';
import { type BugName, patchesOf } from './planted-bugs.js';
import type { ServiceProcess } from './processes.js';
import { copyProduct } from './product.js';
import { STRIKE_NAMES, STRIKES, type StrikeName, type Target } from './strikes.js';
import { type Figures, Trial } from './trial.js';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly workers: number;
  /** Rounds from one account to the next. */
  readonly accountEvery: number;
  readonly planted?: BugName | undefined;
  /** See TrialOptions. */
  readonly loadedMsMax?: number;
  /** Called with a line for people after each round. */
  readonly tell: (line: string) => void;
}

export interface CrashReport extends Figures {
  /** Empty if the promise was kept. After an account with faults no more rounds are played. */
  readonly faults: readonly Fault[];
  readonly rounds: number;
  /** How often each was played. */
  readonly strikes: ReadonlyMap<string, number>;
  /** From a strike to the next answer with 200, in milliseconds, ascending. */
  readonly recoveriesMs: readonly number[];
  /** Holds the data directory and the program; kept if there are faults. */
  readonly directory: string;
}

/** Small and quick segments: the more hand-overs from spool to store, the more of them are interrupted. */
export const CRASH_FLAGS = [
  ...['--spool-segment-age-max', '150ms', '--spool-segment-bytes-max', '256KiB', '--spool-commit-bytes-max', '128KiB'],
  ...['--body-bytes-max', '256KiB', '--log-level', 'warn'],
];

/** Throws nothing: whatever goes wrong is a fault. */
export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const run = new Run(options);
  const faults = await run.play().catch((error) => [faultOf(error)]);
  return run.end(faults);
}

class Run {
  readonly #options: CrashOptions;
  readonly #random: Random;
  readonly #directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-crash-'));
  readonly #trial: Trial;
  readonly #strikes = new Map<StrikeName, number>();
  readonly #recoveriesMs: number[] = [];
  #round = 0;

  constructor(options: CrashOptions) {
    const { seed, workers, planted, loadedMsMax } = options;
    this.#options = options;
    this.#random = new Random(seed);
    this.#trial = new Trial({
      command: copyProduct(path.join(this.#directory, 'program'), patchesOf(planted)),
      data: path.join(this.#directory, 'data'),
      workers,
      loadedMsMax,
      flags: CRASH_FLAGS,
      // Not ours: how fast the clients are must not change what is struck.
      seed: seed + 1,
    });
  }

  async play(): Promise<Fault[]> {
    const { rounds, accountEvery } = this.#options;
    await this.#trial.begin();
    while (this.#round < rounds) {
      await this.#playRound();
      if (this.#round % accountEvery !== 0 && this.#round < rounds) continue;
      const faults = await this.#account('last account');
      if (faults.length > 0) return faults;
    }
    // Of a service that was ended in order and not killed, and then has looked over all that it still holds.
    await STRIKES.terminate(this.#aim());
    await this.#trial.service.start();
    return this.#account('begin');
  }

  /** Leaves no process, and no files unless there is something to look into. */
  async end(faults: readonly Fault[]): Promise<CrashReport> {
    const trial = this.#trial;
    await trial.end();
    const directory = this.#directory;
    if (faults.length === 0) fs.rmSync(directory, { recursive: true, force: true });
    const recoveriesMs = this.#recoveriesMs.sort((a, b) => a - b);
    return { ...trial.figures, faults, rounds: this.#round, strikes: this.#strikes, recoveriesMs, directory };
  }

  async #playRound(): Promise<void> {
    this.#round++;
    const { service } = this.#trial;
    const name = this.#random.pick(STRIKE_NAMES);
    const moment = this.#random.pick(MOMENTS);
    const target = this.#aim();
    await waitForMoment(moment, service.data, this.#random);
    this.#strikes.set(name, (this.#strikes.get(name) ?? 0) + 1);
    const startedMs = performance.now();
    await STRIKES[name](target);
    if (!service.isSupervised) await service.start();
    await this.#trial.nextAcknowledged();
    const tookMs = Math.round(performance.now() - startedMs);
    this.#recoveriesMs.push(tookMs);
    this.#options.tell(`round ${this.#round}: ${name} (${moment}), 200 again after ${tookMs} ms`);
  }

  async #account(since: 'last account' | 'begin'): Promise<Fault[]> {
    const faults = await this.#trial.account({ since });
    this.#options.tell(`account of ${this.#trial.ledger.batches.length} batches: ${faults.length} faults`);
    return faults;
  }

  /** Looks up the processes for the first blow already: that takes longer than some moments last. */
  #aim(): Target {
    const { service } = this.#trial;
    let known: ServiceProcess[] | undefined = service.processes();
    return {
      data: service.data,
      random: this.#random,
      processes() {
        const found = known ?? service.processes();
        known = undefined;
        return found;
      },
      terminate: () => service.service.stop(),
    };
  }
}
