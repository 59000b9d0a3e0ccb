/** Starts the real store process for a test, on a directory of its own. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import type * as launch from '../../src/store/embedded/launch.js';

/** A child process runs what was compiled; `npm test` compiles first. Benchmarks are compiled themselves. */
const COMPILED = new URL(
  import.meta.dirname.includes(`${path.sep}dist${path.sep}`)
    ? '../../src/store/embedded/launch.js'
    : '../../dist/src/store/embedded/launch.js',
  import.meta.url,
).href;

export class StoreProcess {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-store-'));
  readonly socket: string;
  readonly #isOnPort: boolean;
  #child: ChildProcess | undefined;
  #port = 0;

  /** On a port it stands for a ClickHouse server; the port stays the same from start to start. */
  constructor(place: { readonly socketName?: string; readonly isOnPort?: boolean } = {}) {
    this.socket = path.join(this.directory, place.socketName ?? 's');
    this.#isOnPort = place.isOnPort ?? false;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the store process is not running');
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when the store answers. */
  async start({ memoryBytesMax = 1024 ** 3, sessions = 4 } = {}): Promise<void> {
    const { launchStore } = (await import(COMPILED)) as typeof launch;
    const dir = path.join(this.directory, 'data');
    const place = { socket: this.socket, ...(this.#isOnPort ? { port: this.#port } : {}) };
    const child = launchStore({ dir, ...place, memoryBytesMax, sessions, logLevel: 'silent' });
    const ended = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the store process ended with ${code}`)),
    );
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [launch.StoreMessage];
    ended.catch(() => undefined);
    if (message.kind === 'ready') this.#port = message.port ?? 0;
    this.#child = child;
  }

  /** Runs a statement of which the Store knows nothing, and resolves to the answer's text. */
  run(sql: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const place = this.#isOnPort ? { port: this.#port } : { socketPath: this.socket };
      const request = http.request({ ...place, method: 'POST' }, async (response) => {
        const text = (await response.setEncoding('utf8').toArray()).join('');
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(text));
      });
      request.on('error', reject).end(sql);
    });
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Ends the process and resolves to its exit code, null if it was killed. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || this.hasEnded) return null;
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }

  /** Ends the process and removes its directory. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
