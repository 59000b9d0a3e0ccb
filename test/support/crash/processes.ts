/** The processes of one service, as the kernel lists them: real pids, orphans included. Linux only. */
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type Role = 'supervisor' | 'worker' | 'store';

export interface ServiceProcess {
  readonly pid: number;
  readonly parent: number;
  readonly role: Role;
}

const END_MS_MAX = 10_000;
const LOOK_EVERY_MS = 5;

/** Processes that were started with `mark`, a `NAME=value`, in their environment, and have not ended. */
export function findProcesses(mark: string): ServiceProcess[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).split('\0').includes(mark))
    .map((name) => ({
      pid: Number(name),
      parent: Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1]),
      role: roleOf(read(`/proc/${name}/cmdline`)),
    }));
}

/** Resolves when all of them have ended, threads too. They have been killed, so that they end as soon as the disk lets them. */
export async function waitForEnd(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + END_MS_MAX;
  for (;;) {
    const left = pids.filter((pid) => !hasEnded(pid));
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`after ${END_MS_MAX} ms still there: ${left.join(', ')}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Kills all that `list` lists, until it lists none: one that was just being started is not in the first list. */
export async function killAll(list: () => readonly ServiceProcess[]): Promise<void> {
  for (let pids = list().map(({ pid }) => pid); pids.length > 0; pids = list().map(({ pid }) => pid)) {
    for (const pid of pids) signal(pid, 'SIGKILL');
    await waitForEnd(pids);
  }
}

/** Stops all of them, and resolves when none of their threads runs any more. */
export async function stopAll(processes: readonly ServiceProcess[]): Promise<void> {
  for (const { pid } of processes) signal(pid, 'SIGSTOP');
  const isStopped = ({ pid }: ServiceProcess) =>
    fs.readdirSync(`/proc/${pid}/task`).every((thread) => /\) [TZX] /.test(read(`/proc/${pid}/task/${thread}/stat`)));
  while (!processes.every(isStopped)) await sleep(1);
}

/** False if the process has ended already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** The last thing a process does is to become a zombie, which only waits for its parent. Its files are closed by then. */
function hasEnded(pid: number): boolean {
  const state = read(`/proc/${pid}/stat`);
  return state === '' || (/\) Z /.test(state) && fs.readdirSync(`/proc/${pid}/task`).length === 1);
}

/** A worker calls itself so as soon as it has been told which one it is. */
function roleOf(commandLine: string): Role {
  if (commandLine.includes('embedded/child.js')) return 'store';
  return commandLine.startsWith('logboom worker') || commandLine.includes('src/worker.js') ? 'worker' : 'supervisor';
}

/** Empty for a process that is gone or not ours. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
