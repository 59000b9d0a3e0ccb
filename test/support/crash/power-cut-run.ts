/**
 * Cuts the power under a loaded service, round after round on one disk, and accounts for every log. A kill alone cannot show
 * whether a 200 was answered before its log was on stable storage: what is only in the kernel's cache outlives a process.
 *
 * A round: the processes are stopped, so that none of them sees an error that a power cut would not let it see; the disk
 * loses its power; they are killed; the disk is mounted again as it is, and the service started on it.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../random.js';
import { type Fault, faultOf } from './account.js';
import { CRASH_FLAGS, type CrashOptions, type CrashReport } from './crash-run.js';
import { type FileSystem, LoopDisk } from './loop-disk.js';
import { MOMENTS, waitForMoment } from './moments.js';
import { patchesOf } from './planted-bugs.js';
import { stopAll } from './processes.js';
import { copyProduct } from './product.js';
import { Trial } from './trial.js';

export interface PowerCutOptions extends CrashOptions {
  readonly fileSystem: FileSystem;
  /** Every sync says that it has succeeded and does nothing (libeatmydata). */
  readonly lyingDisk: boolean;
}

const DISK_BYTES = 2 * 1024 ** 3;
/** Before the moment is waited for. */
const LOAD_MS_MAX = 1500;

/** Throws nothing: whatever goes wrong is a fault. */
export async function runPowerCuts(options: PowerCutOptions): Promise<CrashReport> {
  const run = new PowerCutRun(options);
  const faults = await run.play().catch((error) => [faultOf(error)]);
  return run.end(faults);
}

class PowerCutRun {
  readonly #options: PowerCutOptions;
  readonly #random: Random;
  readonly #directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-power-'));
  readonly #disk: LoopDisk;
  readonly #trial: Trial;
  readonly #recoveriesMs: number[] = [];
  #round = 0;

  constructor(options: PowerCutOptions) {
    const { seed, workers, planted, fileSystem, lyingDisk, loadedMsMax } = options;
    this.#options = options;
    this.#random = new Random(seed);
    this.#disk = new LoopDisk({
      directory: path.join(this.#directory, 'disk'),
      image: path.join(this.#directory, 'disk.img'),
      fileSystem,
      bytes: DISK_BYTES,
    });
    this.#trial = new Trial({
      command: copyProduct(path.join(this.#directory, 'program'), patchesOf(planted)),
      data: path.join(this.#disk.directory, 'data'),
      workers,
      loadedMsMax,
      flags: [...CRASH_FLAGS, '--spool-free-bytes-min', '64MiB'],
      environment: lyingDisk ? { LD_PRELOAD: 'libeatmydata.so' } : {},
      seed: seed + 1,
    });
  }

  async play(): Promise<Fault[]> {
    const { rounds, accountEvery, tell } = this.#options;
    await this.#trial.begin();
    await this.#trial.service.quiet();
    // A service that cannot even start again would not show which logs it has lost.
    this.#disk.sync();
    for (;;) {
      await this.#playRound();
      if (this.#round % accountEvery !== 0 && this.#round < rounds) continue;
      const isLast = this.#round === rounds;
      const faults = await this.#trial.account({ since: isLast ? 'begin' : 'last account' });
      tell(`account of ${this.#trial.ledger.batches.length} batches: ${faults.length} faults`);
      if (faults.length > 0 || isLast) return faults;
    }
  }

  /** Leaves no process and no mount, and no files unless there is something to look into. */
  async end(faults: readonly Fault[]): Promise<CrashReport> {
    const directory = this.#directory;
    await this.#trial.end();
    if (faults.length === 0) {
      this.#disk.remove();
      fs.rmSync(directory, { recursive: true, force: true });
    } else {
      this.#disk.unmount();
    }
    const strikes = new Map([['power cut', this.#round]]);
    const recoveriesMs = this.#recoveriesMs.sort((a, b) => a - b);
    return { ...this.#trial.figures, faults, rounds: this.#round, strikes, recoveriesMs, directory };
  }

  async #playRound(): Promise<void> {
    this.#round++;
    const { service } = this.#trial;
    const moment = this.#random.pick(MOMENTS);
    await sleep(this.#random.below(LOAD_MS_MAX));
    await waitForMoment(moment, service.data, this.#random);
    await stopAll(service.processes());
    this.#disk.cutPower();
    await service.end();
    this.#disk.unmount();
    this.#disk.mount();
    const startedMs = performance.now();
    await service.start();
    await this.#trial.nextAcknowledged();
    const tookMs = Math.round(performance.now() - startedMs);
    this.#recoveriesMs.push(tookMs);
    this.#options.tell(`round ${this.#round}: power cut (${moment}), 200 again ${tookMs} ms after the start`);
  }
}
