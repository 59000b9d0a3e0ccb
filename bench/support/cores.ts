/** Who runs where, so that the load does not take the server's time: each has a core with all its threads. */
import { execFileSync } from 'node:child_process';

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Keeps this process, with the threads it has so far, on one core. */
export function pinSelf(core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}
