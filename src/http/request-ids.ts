/**
 * Request ids: 24 upper-case hexadecimal digits. 4 bytes of Unix seconds, 5 random bytes of this process, 3 bytes that
 * count; the form that SLS clients and operators know.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.js';

const COUNTS = 1 << 24;

export function createRequestIds(clock: Clock): () => string {
  const processDigits = hex(randomBytes(5).readUIntBE(0, 5), 10);
  let seconds = 0;
  let prefix = '';
  let count = randomBytes(3).readUIntBE(0, 3);
  return () => {
    const now = Math.floor(clock.wallMs() / 1000);
    if (now !== seconds) {
      seconds = now;
      prefix = hex(now, 8) + processDigits;
    }
    count = (count + 1) % COUNTS;
    return prefix + hex(count, 6);
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
