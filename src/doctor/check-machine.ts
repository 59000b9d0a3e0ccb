/** What the service needs of the machine: Node, the C library, memory and open files. */
import * as os from 'node:os';
import { type Finding, ok, problem, warning } from './finding.js';

const NODE_MIN = [20, 19] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (isNewEnough) return ok(`Node ${version}`);
  return problem(`Node ${version} is too old`, `install Node ${NODE_MIN.join('.')} or later`);
}

/** `glibc` is the version of the C library, undefined where it is another one. */
export function checkLibrary(platform: NodeJS.Platform, glibc: string | undefined): Finding {
  if (platform === 'darwin') return ok('macOS');
  if (platform === 'linux' && glibc !== undefined) return ok(`Linux with glibc ${glibc}`);
  const system = platform === 'linux' ? 'Linux without glibc' : platform;
  return problem(`the embedded store does not run on ${system}`, 'use a Linux with glibc (no Alpine), or store: none');
}

/** Memory that a worker may have under stress, beside the store's: bench/README.md. */
const WORKER_BYTES = 350 * 1024 * 1024;

export function checkMemory(bytes: number, needs: { storeBytes: number; workers: number }): Finding {
  const needed = needs.storeBytes + needs.workers * WORKER_BYTES;
  const figures = `${gib(bytes)} of memory, ${gib(needed)} for store and workers under stress`;
  if (bytes >= needed) return ok(figures);
  return warning(figures, 'lower storeMemoryBytesMax or workers, or give it more memory');
}

/** The least of the machine's memory and what a container may use of it. */
export function readMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(os.totalmem(), limit) : os.totalmem();
}

/** Of the store's files and everything else that is no connection. */
const OTHER_FILES = 2000;

/** `limit` is the soft limit of open files; Infinity for none. */
export function checkOpenFiles(limit: number, connectionsMax: number): Finding {
  const needed = connectionsMax + OTHER_FILES;
  const figures = `${limit === Infinity ? 'no limit of' : limit} open files, ${needed} for connections and the store`;
  if (limit >= needed) return ok(figures);
  return warning(figures, 'raise the limit (LimitNOFILE, ulimit -n) or lower connectionsMax');
}

/** What Node's diagnostic report says of this process. */
export function readProcessReport(): { glibc: string | undefined; openFiles: number } {
  const report = process.report.getReport() as {
    header: { glibcVersionRuntime?: string };
    userLimits?: { open_files?: { soft: number | string } };
  };
  const soft = report.userLimits?.open_files?.soft;
  return {
    glibc: report.header.glibcVersionRuntime,
    openFiles: soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft),
  };
}

export function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
