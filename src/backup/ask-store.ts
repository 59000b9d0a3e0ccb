/** Asks an embedded store by its socket, the one of a running service or one that is opened for the purpose. */
import { once } from 'node:events';
import * as http from 'node:http';
import { text } from 'node:stream/consumers';
import { messageOf } from '../config/layers.js';
import { withEngine } from '../store/embedded/with-engine.js';

/** Runs one statement and resolves to its answer; throws an Error with what the store has to say. */
export type AskStore = (sql: string) => Promise<string>;

/** To count all logs, or to link all parts. */
const ANSWER_MS_MAX = 600_000;
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
export function withStore<T>(directory: string, work: (ask: AskStore) => Promise<T>): Promise<T> {
  return withEngine(directory, { memoryBytesMax: MEMORY_BYTES_MAX, sessions: 2 }, (socket) => work(askStoreAt(socket)));
}
