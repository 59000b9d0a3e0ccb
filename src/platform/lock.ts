/**
 * Exclusive use of a directory across processes.
 *
 * Node has no flock, so the lock is a symbolic link named `lock` that points nowhere and whose text names its holder. A
 * link is made whole or not at all, and only where none is: there is no moment at which the lock exists and does not
 * yet say whose it is, and a crash leaves nothing half written.
 *
 * A holder that died leaves its lock behind, and pids are used again; so the text also has the process's start time and
 * the machine's boot where Linux tells them. A process in another container's pid namespace cannot be seen from here
 * and counts as gone: one volume must not be given to two containers.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from './clock.js';

const RETRY_MS = 50;

export interface DirectoryLock {
  /** Gives the directory free. Harmless when repeated. */
  release(): void;
}

/** Another process, still alive, holds the directory. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`${directory} is in use by the process with pid ${pid}`);
    this.pid = pid;
  }
}

/**
 * Locks `directory`, which is made if it is missing. Waits up to `waitMsMax` for a live holder to give it free, then
 * throws `DirectoryInUse`.
 */
export async function lockDirectory(directory: string, waitMsMax: number): Promise<DirectoryLock> {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, 'lock');
  const own: Holder = { pid: process.pid, started: startOf(process.pid), id: randomBytes(8).toString('hex') };
  const giveUpAt = systemClock.monotonicMs() + waitMsMax;
  for (;;) {
    const other = take(file, own);
    if (other === undefined) return { release: () => releaseOwn(file, own) };
    if (systemClock.monotonicMs() >= giveUpAt) throw new DirectoryInUse(directory, other.pid);
    await sleep(RETRY_MS);
  }
}

interface Holder {
  readonly pid: number;
  /** Boot and start time of the process; empty where the system does not tell. */
  readonly started: string;
  /** Names this one taking of the lock. */
  readonly id: string;
}

/**
 * Takes the lock, or returns the live process that has it.
 *
 * The lock of a dead holder is removed only by whoever holds a second lock that is named after it, and looks again
 * before it does. Without that, of two starters that saw the same dead holder, the slower one would remove what the
 * faster one had just taken. The second lock is taken in the same way, for its holder may have died as well.
 */
function take(file: string, own: Holder): Holder | undefined {
  for (;;) {
    if (create(file, own)) return undefined;
    const other = read(file);
    if (other === undefined) continue; // given free since
    if (isAlive(other)) return other;
    const rightToRemove = `${file}.${other.id}`;
    const rival = take(rightToRemove, own);
    if (rival !== undefined) return rival;
    if (read(file)?.id === other.id) fs.unlinkSync(file);
    fs.unlinkSync(rightToRemove);
  }
}

function releaseOwn(file: string, own: Holder): void {
  if (read(file)?.id === own.id) fs.unlinkSync(file);
}

function create(file: string, holder: Holder): boolean {
  try {
    fs.symlinkSync(`pid=${holder.pid} started=${holder.started} id=${holder.id}`, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): Holder | undefined {
  let text: string;
  try {
    text = fs.readlinkSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`${file} is not a lock of ours; move it away`, { cause: error });
  }
  const [, pid, started, id] = /^pid=(\d+) started=(\S*) id=([0-9a-f]+)$/.exec(text) ?? [];
  if (pid === undefined || started === undefined || id === undefined) {
    throw new Error(`${file} is not a lock of ours; move it away`);
  }
  return { pid: Number(pid), started, id };
}

/** When in doubt, a holder is alive: two holders do harm, a refused start does not. */
function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  if (started !== '' && holder.started !== '' && started !== holder.started) return false;
  return !isZombie(holder.pid);
}

/** Boot id and the process's start in clock ticks since that boot; empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${statOf(pid)[22 - FIRST_FIELD]}`;
  } catch {
    return '';
  }
}

/**
 * Whether the process has ended and only waits to be collected by its parent, which in a container may be never. As
 * long as other threads of it are listed, one of them may still be inside a write.
 */
function isZombie(pid: number): boolean {
  try {
    return statOf(pid)[3 - FIRST_FIELD] === 'Z' && fs.readdirSync(`/proc/${pid}/task`).length === 1;
  } catch {
    return false;
  }
}

const FIRST_FIELD = 3;

/** Fields of /proc/PID/stat from the third on, numbered as in proc_pid_stat(5); the second may hold spaces and brackets. */
function statOf(pid: number): readonly string[] {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
