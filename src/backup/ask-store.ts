/** Asks an embedded store by its socket, the one of a running service or one that is opened for the purpose. */
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { messageOf } from '../config/layers.js';
import { launchStore } from '../store/embedded/launch.js';

/** Runs one statement and resolves to its answer; throws an Error with what the store has to say. */
export type AskStore = (sql: string) => Promise<string>;

/** The engine reads the list of all its parts first, which with years of logs may take minutes. */
const OPEN_MS_MAX = 600_000;
/** To count all logs, or to link all parts. */
const ANSWER_MS_MAX = 600_000;
const CLOSE_MS_MAX = 60_000;
/** The least that the engine is content with: it counts, and nothing else. */
const MEMORY_BYTES_MAX = 512 * 1024 * 1024;

export function askStoreAt(socketPath: string): AskStore {
  return async (sql) => {
    const request = http.request({
      socketPath,
      path: '/?database=logboom',
      method: 'POST',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    request.end(sql);
    const [response] = (await once(request, 'response').catch((cause: unknown) => {
      throw new Error(`the store of the running service does not answer: ${messageOf(cause)}`, { cause });
    })) as [http.IncomingMessage];
    const answer = await text(response);
    if (response.statusCode !== 200) throw new Error(`the store refuses: ${answer.trim()}`);
    return answer;
  };
}

/** Opens the store of `directory`, which nobody else may have open, and closes it when `work` has ended. */
export async function withStore<T>(directory: string, work: (ask: AskStore) => Promise<T>): Promise<T> {
  const place = await fs.mkdtemp(path.join(os.tmpdir(), 'logboom-store-'));
  const socket = path.join(place, 'store.sock');
  const child = launchStore({
    dir: directory,
    socket,
    memoryBytesMax: MEMORY_BYTES_MAX,
    sessions: 2,
    logLevel: 'warn',
  });
  const ended = once(child, 'exit');
  const ending = new AbortController();
  try {
    await Promise.race([
      once(child, 'message', { signal: AbortSignal.any([ending.signal, AbortSignal.timeout(OPEN_MS_MAX)]) }),
      ended.then(([code]) => Promise.reject(new Error(`the store cannot be opened: its process ended with ${code}`))),
    ]);
    return await work(askStoreAt(socket));
  } finally {
    ending.abort();
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS_MAX);
    await ended;
    clearTimeout(timer);
    await fs.rm(place, { recursive: true, force: true });
  }
}
