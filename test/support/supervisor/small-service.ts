/** Starts `serve` with the small worker and store, as a process group that never outlives the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeReport } from '../../../src/model/node.js';
import type { Timing } from '../../../src/supervisor/timing.js';

const SERVE = fileURLToPath(new URL('../../../dist/test/support/supervisor/serve.js', import.meta.url));

/** Short, but longer than this machine makes a healthy process wait when it is busy with other tests. */
const SHORT: Partial<Timing> = {
  beatEveryMs: 50,
  silenceMsMax: 1000,
  pingEveryMs: 250,
  restartMs: 20,
  restartMsMax: 200,
  answerMsMax: 400,
};

export class SmallService {
  readonly #process: ChildProcess;
  stdout = '';
  stderr = '';
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;

  constructor(data: string, flags: readonly string[] = [], timing: Partial<Timing> = {}) {
    const args = ['--data', data, '--listen', '127.0.0.1:0', ...flags];
    if (!flags.includes('--admin-listen')) args.push('--admin-listen', '127.0.0.1:0');
    this.#process = spawn(process.execPath, [SERVE, JSON.stringify({ ...SHORT, ...timing }), ...args], {
      // A process group of its own, so that one signal reaches all that is left of it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (text) => {
      this.stdout += text;
    });
    this.#process.stderr?.on('data', (text) => {
      this.stderr += text;
    });
    this.ended = once(this.#process, 'close').then(([code, signal]) => code ?? signal);
  }

  get pid(): number {
    if (this.#process.pid === undefined) throw new Error('the service did not start');
    return this.#process.pid;
  }

  /** Resolves when it prints that it is ready, and throws if it ends before. */
  async ready(): Promise<{ publicUrl: string; adminUrl: string }> {
    for (;;) {
      const [, publicUrl, adminUrl] = /^logboom ready: tracking (\S+) admin (\S+)$/m.exec(this.stdout) ?? [];
      if (publicUrl !== undefined && adminUrl !== undefined) return { publicUrl, adminUrl };
      const output = this.#process.stdout;
      if (output === null) throw new Error('no output');
      await Promise.race([
        once(output, 'data'),
        this.ended.then((how) => {
          throw new Error(`ended with ${how} before it was ready:\n${this.stderr}`);
        }),
      ]);
    }
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Signals the supervisor, the workers and the store, as a terminal does. */
  signalAll(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** What the supervisor says, once it has `count` workers that accept and answer, and a store that is up. */
  async settled(count = 1): Promise<NodeReport> {
    const { adminUrl } = await this.ready();
    for (;;) {
      const report = await get<NodeReport>(`${adminUrl}/report`).catch(() => undefined);
      // The record of a worker that was just killed still has its last beat; only one that lives gives metrics.
      const accepting =
        report?.workers.filter(({ beat, metrics }) => beat !== undefined && metrics !== undefined) ?? [];
      if (report?.store?.isUp && accepting.length === count) return report;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Kills whatever is left of it. */
  async destroy(): Promise<void> {
    try {
      this.signalAll('SIGKILL');
    } catch {
      // Nothing is left.
    }
    await this.ended;
  }
}

/** The JSON of an answer, on a connection of its own; throws its text if it is not 200. */
export async function get<Json>(url: string, method = 'GET'): Promise<Json> {
  const response = await fetch(url, { method, headers: { connection: 'close' } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  // Whoever asks knows what the small worker answers there.
  return JSON.parse(text) as Json;
}

export function makeDataDirectory(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-supervisor-'));
}

/** Whether a process exists and has not ended; one that nobody has collected yet has. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}

/** Pids of the processes that `parent` started with this word in their command. */
export function childrenOf(parent: number, word = ''): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , ppid, command]) => Number(ppid) === parent && command?.includes(word))
    .map(([, pid]) => Number(pid));
}
