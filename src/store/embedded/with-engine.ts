/** Opens an embedded store for as long as some work takes, where no service has it open. */
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { launchStore } from './launch.js';

export interface EngineLimits {
  readonly memoryBytesMax: number;
  readonly sessions: number;
}

/** The engine reads the list of all its parts first, which with years of logs may take minutes. */
const OPEN_MS_MAX = 600_000;
const CLOSE_MS_MAX = 60_000;

/** Opens the store of `directory`, which nobody else may have open, and closes it when `work` has ended. `work` gets its socket. */
export async function withEngine<T>(
  directory: string,
  limits: EngineLimits,
  work: (socket: string) => Promise<T>,
): Promise<T> {
  const place = await fs.mkdtemp(path.join(os.tmpdir(), 'logboom-store-'));
  const socket = path.join(place, 'store.sock');
  const child = launchStore({ dir: directory, socket, ...limits, logLevel: 'warn' });
  const ended = once(child, 'exit');
  const ending = new AbortController();
  try {
    await Promise.race([
      once(child, 'message', { signal: AbortSignal.any([ending.signal, AbortSignal.timeout(OPEN_MS_MAX)]) }),
      ended.then(([code]) => Promise.reject(new Error(`the store cannot be opened: its process ended with ${code}`))),
    ]);
    return await work(socket);
  } finally {
    ending.abort();
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS_MAX);
    await ended;
    clearTimeout(timer);
    await fs.rm(place, { recursive: true, force: true });
  }
}
