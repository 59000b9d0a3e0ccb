/** What happens to the processes of a service, with SIGKILL unless it says otherwise. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import { killAll, type Role, type ServiceProcess, signal, waitForEnd } from './processes.js';
import { forgetParts } from './store-files.js';

/** The service that is struck. */
export interface Target {
  readonly data: string;
  readonly random: Random;
  /** All that run. */
  processes(): ServiceProcess[];
  /** SIGTERM to the supervisor; resolves with its exit code. */
  terminate(): Promise<number | null>;
}

/** Resolves when what was killed is gone. Throws if the service did not behave. */
type Strike = (target: Target) => Promise<void>;

/** Some more often than others. */
export const STRIKE_NAMES = [
  'worker',
  'worker',
  'worker',
  'store',
  'store',
  'supervisor',
  'supervisor',
  'supervisor',
  'everything',
  'everything',
  'everything, and the store forgets',
  'everything, and the store forgets',
  'worker, then store',
  'store, then worker',
  'worker, then worker',
  'supervisor, then store',
  'store stopped, then killed',
  'store stopped, then continued',
  'worker stopped, then killed',
  'worker stopped, then continued',
  'worker, while the supervisor is stopped',
  'supervisor, while the store is stopped',
  'terminate',
] as const;

export type StrikeName = (typeof STRIKE_NAMES)[number];

export const STRIKES: Readonly<Record<StrikeName, Strike>> = {
  worker: (target) => hit(target, 'worker'),
  store: (target) => hit(target, 'store'),
  // Its children end by themselves.
  supervisor: (target) => hit(target, 'supervisor'),
  everything: (target) => killAll(target.processes),
  async 'everything, and the store forgets'(target) {
    await killAll(target.processes);
    forgetParts(target.data, target.random);
  },
  'worker, then store': (target) => hitTwice(target, 'worker', 'store'),
  'store, then worker': (target) => hitTwice(target, 'store', 'worker'),
  'worker, then worker': (target) => hitTwice(target, 'worker', 'worker'),
  'supervisor, then store': (target) => hitTwice(target, 'supervisor', 'store'),
  'store stopped, then killed': (target) => stop(target, 'store', (pid) => signal(pid, 'SIGKILL')),
  'store stopped, then continued': (target) => stop(target, 'store'),
  'worker stopped, then killed': (target) => stop(target, 'worker', (pid) => signal(pid, 'SIGKILL')),
  'worker stopped, then continued': (target) => stop(target, 'worker'),
  'worker, while the supervisor is stopped': (target) => stop(target, 'supervisor', () => hit(target, 'worker')),
  'supervisor, while the store is stopped': leaveStoppedStore,
  async terminate(target) {
    const startedMs = performance.now();
    const code = await target.terminate();
    const tookMs = performance.now() - startedMs;
    if (code !== 0 || tookMs > TERMINATE_MS_MAX) throw new Error(`SIGTERM: exit code ${code} after ${tookMs} ms`);
  },
};

/** Two processes in a row: the second may be just starting. */
const GAP_MS_MAX = 400;
const STOPPED_MS_MAX = 2500;
const TERMINATE_MS_MAX = 10_000;

async function hit(target: Target, role: Role): Promise<void> {
  const [first, ...others] = target.processes().filter((process) => process.role === role);
  if (first === undefined) return; // between two of its runs
  const { pid } = target.random.pick([first, ...others]);
  signal(pid, 'SIGKILL');
  await waitForEnd([pid]);
}

async function hitTwice(target: Target, first: Role, second: Role): Promise<void> {
  await hit(target, first);
  await sleep(target.random.below(GAP_MS_MAX));
  await hit(target, second);
}

/** Stops a process for a while, does `then`, and lets it go on. */
async function stop(target: Target, role: Role, then: (pid: number) => unknown = () => {}): Promise<void> {
  const pid = target.processes().find((process) => process.role === role)?.pid;
  if (pid === undefined) return;
  signal(pid, 'SIGSTOP');
  await sleep(target.random.between(100, STOPPED_MS_MAX));
  await then(pid);
  signal(pid, 'SIGCONT');
}

/** The next supervisor finds a store that does not notice its parent's end, and has the engine's files open for some time yet. */
async function leaveStoppedStore(target: Target): Promise<void> {
  const store = target.processes().find(({ role }) => role === 'store');
  if (store !== undefined) {
    signal(store.pid, 'SIGSTOP');
    void sleep(target.random.between(500, STOPPED_MS_MAX)).then(() => signal(store.pid, 'SIGKILL'));
  }
  await hit(target, 'supervisor');
}
