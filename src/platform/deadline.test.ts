// Goal: a deadline ends what it is for with the time or with another signal, whichever is first, and leaves nothing behind.
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openDeadline } from './deadline.js';

test('aborts when its time is over, though nothing else knows it', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let reason: unknown;
  openDeadline(30, new AbortController().signal).signal.addEventListener('abort', ({ target }) => {
    reason = (target as AbortSignal).reason;
  });
  collectGarbage();
  await expect.poll(() => reason).toMatchObject({ name: 'TimeoutError' });
});

test('aborts with the other signal and its reason, also where that has aborted before', () => {
  const other = new AbortController();
  const { signal } = openDeadline(60_000, other.signal);
  other.abort('enough');
  expect(signal.reason).toBe('enough');
  expect(openDeadline(60_000, other.signal).signal.reason).toBe('enough');
});

test('leaves no listener, closed or over', () => {
  const other = new AbortController();
  openDeadline(60_000, other.signal).close();
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
});
