/** A tail as state: what arrives is gathered, and shown some times a second. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogEntry } from '../../../src/api/query.js';
import { type Row, rowOf } from '../rows/row.js';
import { type Followed, follow } from './follow.js';
import { EMPTY_TAIL, pause, resume, TAIL_ROWS_MAX, type TailBuffer, take } from './tail-buffer.js';

export interface Tail {
  readonly buffer: TailBuffer;
  readonly isConnected: boolean;
  readonly error: unknown;
  /** Log groups that are still to be looked through. */
  readonly behind: number;
  /** Logs that the service did not send, because nobody could read so many. */
  readonly leftOut: number;
  readonly perSecond: number;
  readonly setPaused: (isPaused: boolean) => void;
}

const SHOW_EVERY_MS = 100;

const START = { isConnected: false, error: null as unknown, behind: 0, leftOut: 0, perSecond: 0 };

export function useTail({ project, logstore, query }: Followed): Tail {
  const [buffer, setBuffer] = useState(EMPTY_TAIL);
  const [state, setState] = useState(START);
  const rate = useRef({ sinceMs: 0, count: 0 });

  useEffect(() => {
    const stopping = new AbortController();
    setBuffer(EMPTY_TAIL);
    setState(START);
    let arrived: Row[] = [];
    const change = (next: Partial<typeof START>) => setState((old) => ({ ...old, ...next }));

    const show = () => {
      const { current } = rate;
      const nowMs = performance.now();
      if (nowMs - current.sinceMs >= 1000) {
        change({ perSecond: Math.round((current.count * 1000) / (nowMs - current.sinceMs)) });
        rate.current = { sinceMs: nowMs, count: 0 };
      }
      if (arrived.length === 0) return;
      rate.current.count += arrived.length;
      const rows = arrived;
      arrived = [];
      setBuffer((old) => take(old, rows));
    };
    const timer = setInterval(show, SHOW_EVERY_MS);

    const listener = {
      onEntry(entry: LogEntry) {
        arrived.push(rowOf(entry));
        // A tab in the background shows seldom; it keeps no more than it will ever show.
        if (arrived.length > 2 * TAIL_ROWS_MAX) arrived = arrived.slice(-TAIL_ROWS_MAX);
      },
      onBehind: (behind: number) => change({ behind }),
      onLeftOut: (logs: number) => setState((old) => ({ ...old, leftOut: old.leftOut + logs })),
      onConnected: (isConnected: boolean) => change({ isConnected }),
    };
    follow({ project, logstore, query }, listener, stopping.signal).catch((error: unknown) => change({ error }));
    return () => {
      clearInterval(timer);
      stopping.abort();
    };
  }, [project, logstore, query]);

  const setPaused = useCallback(
    (isPaused: boolean) => setBuffer((old) => (old.isPaused === isPaused ? old : isPaused ? pause(old) : resume(old))),
    [],
  );
  return { buffer, ...state, setPaused };
}
