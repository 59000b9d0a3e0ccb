/** Keeps one child process running: starts it, kills it when it goes silent, and starts it again when it ends. */
import type { ChildProcess } from 'node:child_process';
import { systemClock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Timing } from './timing.js';

/** Silence is counted in looks, not in time: when the supervisor itself was stopped, it must not blame its children. */
const LOOKS_PER_SILENCE = 10;

/** A killed process is gone within milliseconds, unless it is inside a system call that does not return. */
const KILL_MS_MAX = 1000;

export interface KeeperOptions {
  /** What the log calls the process: `worker 1`. */
  readonly name: string;
  /** Starts the process and attaches what listens to it. */
  start(): ChildProcess;
  /** How long the process may be silent before its first `beat`. */
  readonly firstBeatMsMax: number;
  readonly timing: Timing;
  readonly log: Log;
}

export class Keeper {
  readonly #options: KeeperOptions;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #hasBeaten = false;
  #silentLooks = 0;
  #lookTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  /** Ends in a row, none of them after a healthy run. */
  #failures = 0;
  #restarts = 0;
  #isWanted = true;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often the process was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    this.#hasBeaten = false;
    this.#silentLooks = 0;
    this.#startedAt = systemClock.monotonicMs();
    this.#lookTimer ??= setInterval(() => this.#look(), this.#options.timing.silenceMsMax / LOOKS_PER_SILENCE);
    try {
      const child = this.#options.start();
      this.#child = child;
      child.once('exit', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
      child.on('error', (error) => {
        if (child.pid === undefined) this.#ended(error.message);
      });
    } catch (error) {
      // No memory for another process, perhaps because the last one used it up.
      this.#ended(error instanceof Error ? error.message : String(error));
    }
  }

  /** The process shows life. */
  beat(): void {
    this.#hasBeaten = true;
    this.#silentLooks = 0;
  }

  /** Kills the process, which is then started again like one that ended by itself. */
  restart(reason: string): void {
    this.#silentLooks = 0;
    this.#options.log.error({ child: this.pid, reason }, `${this.#options.name} is killed`);
    this.#child?.kill('SIGKILL');
  }

  /** From now on the process may end, and be silent. */
  retire(): void {
    this.#isWanted = false;
    clearInterval(this.#lookTimer);
    clearTimeout(this.#restartTimer);
  }

  /**
   * Ends the process for good: `ask` asks it to, and if it has not ended after `msMax` it is killed. Resolves to whether it
   * ended by itself and without an error.
   */
  async stop(ask: (child: ChildProcess) => void, msMax: number): Promise<boolean> {
    this.retire();
    const child = this.#child;
    if (child === undefined) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#options.log.error({ child: child.pid }, `${this.#options.name} is killed, it did not stop in time`);
        child.kill('SIGKILL');
        // Even SIGKILL waits for a disk that has stalled; we do not.
        setTimeout(resolve, KILL_MS_MAX, false);
      }, msMax);
      child.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code === 0);
      });
      ask(child);
    });
  }

  /** Ends the process for good, now. */
  kill(): void {
    this.retire();
    this.#child?.kill('SIGKILL');
  }

  #look(): void {
    if (this.#child === undefined) return;
    const { timing, firstBeatMsMax } = this.#options;
    const silenceMsMax = this.#hasBeaten ? timing.silenceMsMax : firstBeatMsMax;
    const looksMax = (silenceMsMax / timing.silenceMsMax) * LOOKS_PER_SILENCE;
    if (++this.#silentLooks > looksMax) this.restart(`no sign of life for ${silenceMsMax} ms`);
  }

  #ended(how: string): void {
    const { name, timing, log } = this.#options;
    const pid = this.pid;
    this.#child = undefined;
    if (!this.#isWanted) {
      log.debug({ child: pid, how }, `${name} has ended`);
      return;
    }
    if (systemClock.monotonicMs() - this.#startedAt >= timing.healthyMs) this.#failures = 0;
    const delayMs =
      this.#failures === 0 ? 0 : Math.min(timing.restartMs * 2 ** (this.#failures - 1), timing.restartMsMax);
    this.#failures++;
    log.error({ child: pid, how, delayMs }, `${name} has ended and is started again`);
    this.#restartTimer = setTimeout(() => {
      this.#restarts++;
      this.start();
    }, delayMs);
  }
}
