/** An answer that is written piece by piece, as fast as its reader takes it and no faster. */
import type { ServerResponse } from 'node:http';
import { ClientGone } from '../http/body.js';

/** A reader that takes nothing for so long is given up, for it holds a query open in the store. */
const STALL_MS_MAX = 60_000;

/** Both ways of writing throw ClientGone. */
export interface Outflow {
  /** Aborted when the client is gone, with ClientGone as its reason. */
  readonly signal: AbortSignal;
  /** Resolves when there is room for more. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Resolves when the text has left: for what comes before a cut. */
  flush(text: string): Promise<void>;
}

export function openOutflow(response: ServerResponse): Outflow {
  const gone = new AbortController();
  const { signal } = gone;
  const { socket } = response.req;
  // The listener waits with an answer for those who have ended their side, and so do all who leave. No query runs for them.
  const hangUp = () => response.destroy();
  const leave = () => {
    socket.off('end', hangUp);
    gone.abort(new ClientGone('the client went away'));
  };
  // One for each request that a client sends without waiting.
  socket.setMaxListeners(0).once('end', hangUp);
  response.once('close', leave);
  if (response.destroyed) leave();

  const until = (begin: (done: () => void) => void) =>
    new Promise<void>((resolve, reject) => {
      const stall = setTimeout(() => response.destroy(), STALL_MS_MAX);
      const done = () => {
        clearTimeout(stall);
        signal.removeEventListener('abort', done);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      signal.addEventListener('abort', done);
      begin(done);
    });

  return {
    signal,
    async write(piece) {
      signal.throwIfAborted();
      if (!response.write(piece)) await until((done) => response.once('drain', done));
    },
    async flush(text) {
      signal.throwIfAborted();
      await until((done) => response.write(text, done));
    },
  };
}
