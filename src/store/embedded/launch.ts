/** Starts the store process. Whoever starts it listens for its messages and kills it when they stop. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LogLevel } from '../../platform/diagnostics.js';

export interface StoreLaunch {
  /** The engine's files. One process at a time may have them open. */
  readonly dir: string;
  /** Path of the unix socket it will answer on, at most some 100 bytes. It is as private as the directory around it. */
  readonly socket: string;
  /**
   * Answer on this port of the loopback interface instead, 0 for any free one: whoever reaches it may do everything, so it is
   * for tests and tools alone.
   */
  readonly port?: number;
  /** Resident memory the process should keep within. */
  readonly memoryBytesMax: number;
  /** Statements at once, one of them an insert; at least 2. */
  readonly sessions: number;
  readonly logLevel?: LogLevel;
}

/** What the process tells its parent: once that it answers, then every second that the engine still does. */
export type StoreMessage =
  | {
      readonly kind: 'ready';
      /** Undefined on a socket. */
      readonly port?: number;
    }
  | { readonly kind: 'beat' };

/** What its parent tells it. */
export type StoreOrder = { readonly kind: 'logLevel'; readonly level: LogLevel };

/**
 * The process exits with 0 after SIGTERM, or when its parent disconnects or dies. Whatever else ends it, a new one may be
 * started on the same directory at once.
 */
export function launchStore(launch: StoreLaunch): ChildProcess {
  const entry = fileURLToPath(new URL('./child.js', import.meta.url));
  const args = [
    ...['--dir', launch.dir, '--socket', launch.socket],
    ...['--memory-bytes-max', String(launch.memoryBytesMax), '--sessions', String(launch.sessions)],
    ...(launch.port === undefined ? [] : ['--port', String(launch.port)]),
    ...['--log-level', launch.logLevel ?? 'info'],
  ];
  return fork(entry, args, {
    // A statement holds one of libuv's threads for as long as it runs. Four more are for files, the beat and orders to kill.
    env: { ...process.env, UV_THREADPOOL_SIZE: String(launch.sessions + 4) },
    // The parent's own flags (a debugger's port, a loader) are not for the child.
    execArgv: [],
  });
}
