/** What is done with the rest of a body whose request was refused and may be tried again. */
import type { IncomingMessage } from 'node:http';
import { discard } from '../platform/discard.js';

/** Longer than this a connection is not kept waiting, whatever it was told. */
const HOLD_MS_MAX = 2000;

/**
 * Leaves the rest of the body with the client for a while. Node would read and drop it at full speed; a client that tries again
 * at once, as many do, would get whole bodies read for nothing, and there would be no time for those that are taken.
 */
export function holdBody(request: IncomingMessage, ms: number): void {
  if (request.complete) return;
  request.pause();
  // The body of a request that nobody has read from is dropped by Node itself.
  request.read();
  const timer = setTimeout(() => request.on('data', discard).resume(), Math.min(ms, HOLD_MS_MAX));
  request.once('close', () => clearTimeout(timer));
}
