/** The embedded store's process: kept running, watched by its beats and by asking it for an answer. */
import type { ChildProcess } from 'node:child_process';
import * as http from 'node:http';
import type { StoreState } from '../model/node.js';
import type { Log, LogLevel } from '../platform/diagnostics.js';
import { Keeper } from './keeper.js';
import type { Timing } from './timing.js';

export interface StoreChildOptions {
  /** Starts the process, which then sends `{kind:'ready'}` once and `{kind:'beat'}` again and again. */
  launch(): ChildProcess;
  /** The unix socket it answers `GET /ping` on, with status 200 if the engine works. */
  readonly socket: string;
  /** The process came up or went down. */
  changed(state: StoreState): void;
  readonly timing: Timing;
  readonly log: Log;
}

export class StoreChild {
  readonly #options: StoreChildOptions;
  readonly #keeper: Keeper;
  #child: ChildProcess | undefined;
  #isUp = false;
  #generation = 0;

  constructor(options: StoreChildOptions) {
    const { timing, log } = options;
    this.#options = options;
    this.#keeper = new Keeper({
      name: 'the store',
      start: () => this.#launch(),
      firstBeatMsMax: timing.storeStartMsMax,
      timing,
      log,
    });
  }

  get state(): StoreState {
    return { socket: this.#options.socket, isUp: this.#isUp, generation: this.#generation };
  }

  start(): void {
    this.#keeper.start();
  }

  /** Of the running process; the next one is launched with it. */
  setLogLevel(level: LogLevel): void {
    if (this.#isUp) this.#child?.send({ kind: 'logLevel', level }, () => {});
  }

  /** From now on it may end. */
  retire(): void {
    this.#keeper.retire();
  }

  async stop(msMax: number): Promise<boolean> {
    if (this.#isUp) return this.#keeper.stop((child) => child.kill('SIGTERM'), msMax);
    // Until it has opened the engine's files, which may take minutes, it hears no signal and has nothing to finish.
    await this.#keeper.stop((child) => child.kill('SIGKILL'), msMax);
    return true;
  }

  kill(): void {
    this.#keeper.kill();
  }

  #launch(): ChildProcess {
    this.#generation++;
    const child = this.#options.launch();
    this.#child = child;
    let pings: NodeJS.Timeout | undefined;
    child.on('message', (message) => {
      // Opening blocks the process for as long as it takes, so silence counts only from here on.
      if (kindOf(message) === 'ready') {
        pings ??= this.#startPings();
        this.#change(true);
      }
      if (this.#isUp) this.#keeper.beat();
    });
    child.once('exit', () => {
      clearInterval(pings);
      this.#change(false);
    });
    return child;
  }

  #change(isUp: boolean): void {
    if (this.#isUp === isUp) return;
    this.#isUp = isUp;
    this.#options.changed(this.state);
  }

  /**
   * Beats show that the process lives, not that the engine does: its threads can hang while JavaScript goes on. A
   * crashed engine does not end its process either, but hangs it.
   */
  #startPings(): NodeJS.Timeout {
    const { socket, timing } = this.#options;
    let missed = 0;
    return setInterval(async () => {
      if (await answersPing(socket, timing.pingEveryMs)) missed = 0;
      else if (++missed === timing.pingMissesMax) this.#keeper.restart(`${missed} pings in a row without an answer`);
    }, timing.pingEveryMs);
  }
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}

function answersPing(socketPath: string, msMax: number): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(msMax);
    const request = http.get({ socketPath, path: '/ping', agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
