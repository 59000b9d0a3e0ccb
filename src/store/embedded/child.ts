/**
 * The store process: the embedded engine behind a unix socket. launch.ts starts it and knows its arguments and messages.
 *
 * A crash inside the engine does not end the process, it hangs it. Only silence shows that: a beat is sent every second that
 * the engine has answered a query.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LogLevel, openLog } from '../../platform/diagnostics.js';
import { Engine } from './engine.js';
import { Front } from './front.js';
import type { StoreMessage, StoreOrder } from './launch.js';

const BEAT_EVERY_MS = 1000;

/** The kernel's limit on Linux is 107, on macOS 103. A longer path would be cut, and bind elsewhere. */
const SOCKET_PATH_BYTES_MAX = 103;

const place = readArguments();
const log = openLog('store', place.logLevel);
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.once('disconnect', () => stopping.abort());
// Ctrl-C, and the end of a terminal, go to every process of its group; the parent decides when we stop.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
// Nobody but our parent speaks on this channel.
process.on('message', ({ level }: StoreOrder) => {
  log.level = level;
});
try {
  await serve(stopping.signal);
  process.exit(0);
} catch (error) {
  log.fatal({ err: error }, 'the store has failed');
  process.exit(1);
}

/** Resolves when the process may exit: leaving while a statement runs, or without closing the engine, crashes inside it. */
async function serve(signal: AbortSignal): Promise<void> {
  const { dir, socket, port, memoryBytesMax, sessions } = place;
  if (Buffer.byteLength(socket) > SOCKET_PATH_BYTES_MAX) {
    throw new Error(`The path of a unix socket has ${SOCKET_PATH_BYTES_MAX} bytes at most: ${socket}`);
  }
  // All that is created here, the socket too, is for its owner alone.
  process.umask(0o077);
  fs.mkdirSync(dir, { recursive: true });
  fs.mkdirSync(path.dirname(socket), { recursive: true });

  const engine = new Engine({ directory: dir, memoryBytesMax });
  // Left by a process that was killed: the engine has let us in, so no other one is using the directory.
  const bodiesDirectory = path.join(dir, 'bodies');
  fs.rmSync(bodiesDirectory, { recursive: true, force: true });
  const front = new Front({ engine, sessions, bodiesDirectory, log });
  fs.rmSync(socket, { force: true });
  const boundPort = await front.listen(port ?? socket);
  log.info({ socket: boundPort ?? socket, dir }, 'the store answers');
  tell({ kind: 'ready', ...(boundPort === undefined ? {} : { port: boundPort }) });
  while (!signal.aborted) {
    await engine.ping().catch(endCrashed);
    tell({ kind: 'beat' });
    await sleep(BEAT_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  await front.close();
  await engine.close();
}

/** To leave in order would be to wait for an engine that has crashed, for ever. */
function endCrashed(error: unknown): void {
  log.fatal({ err: error }, 'the engine has crashed');
  process.kill(process.pid, 'SIGKILL');
}

function tell(message: StoreMessage): void {
  if (process.connected) process.send?.(message);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: '' },
      socket: { type: 'string', default: '' },
      port: { type: 'string' },
      'memory-bytes-max': { type: 'string', default: '' },
      sessions: { type: 'string', default: '' },
      'log-level': { type: 'string', default: 'info' },
    },
  });
  return {
    dir: values.dir,
    socket: values.socket,
    port: values.port === undefined ? undefined : Number(values.port),
    memoryBytesMax: Number(values['memory-bytes-max']),
    sessions: Number(values.sessions),
    // pino refuses what is none.
    logLevel: values['log-level'] as LogLevel,
  };
}
