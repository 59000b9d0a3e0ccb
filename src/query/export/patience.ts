/** A store that is away for a moment, or has no memory left at this one, does not end an export that took an hour. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreRefused, StoreUnavailable } from '../../store/store.js';

/** Waits before the next attempt, and gives up behind the last. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** `work` may be done again. Throws what its last attempt threw, and at once when `signal` aborts. */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreUnavailable || error instanceof StoreRefused)) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
  return work();
}
