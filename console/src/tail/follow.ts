/**
 * Follows what arrives in a logstore, for as long as `signal` lets it. A lost connection is made again and continues behind the
 * last event, so that nothing is missing and nothing comes twice.
 */
import type { LogEntry, TailEvents } from '../../../src/api/query.js';
import { callServer, logstorePath, ServerError } from '../server/call.js';
import { readEvents, type ServerEvent } from '../server/event-stream.js';

export interface TailListener {
  onEntry(entry: LogEntry): void;
  onBehind(logGroups: number): void;
  onLeftOut(logs: number): void;
  /** False while the connection is made again. */
  onConnected(isConnected: boolean): void;
}

export interface Followed {
  readonly project: string;
  readonly logstore: string;
  readonly query: string;
}

const WAIT_MS = 1000;

/** Resolves when `signal` is aborted. Throws a ServerError that another attempt would not change. */
export async function follow(followed: Followed, listener: TailListener, signal: AbortSignal): Promise<void> {
  const { project, logstore, query } = followed;
  const path = `${logstorePath(project, logstore)}/tail?${new URLSearchParams({ query, entries: 'on' })}`;
  let lastId = '';
  while (!signal.aborted) {
    try {
      const headers = lastId === '' ? {} : { 'last-event-id': lastId };
      const response = await callServer(path, { headers, signal });
      listener.onConnected(true);
      if (response.body !== null) {
        for await (const event of readEvents(response.body)) {
          tell(listener, event);
          lastId = event.id;
        }
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (isFinal(thrown)) throw thrown;
    }
    listener.onConnected(false);
    await wait(WAIT_MS, signal);
  }
}

/** What the service sends is what src/api/query.ts says. */
function tell(listener: TailListener, { name, data }: ServerEvent): void {
  switch (name) {
    case 'entry':
      listener.onEntry(JSON.parse(data) as TailEvents['entry']);
      break;
    case 'behind':
      listener.onBehind((JSON.parse(data) as TailEvents['behind']).logGroups);
      break;
    case 'leftOut':
      listener.onLeftOut((JSON.parse(data) as TailEvents['leftOut']).logs);
      break;
    case 'error': {
      const answer = JSON.parse(data) as TailEvents['error'];
      throw new ServerError(isOver(answer.errorCode) ? 400 : 503, answer, null);
    }
  }
}

/** Trouble of the service passes; a mistake in the query or a logstore that is gone does not. */
function isOver(errorCode: string): boolean {
  return !['ServerBusy', 'InternalServerError'].includes(errorCode);
}

function isFinal(thrown: unknown): boolean {
  return thrown instanceof ServerError && thrown.status < 500;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
