/** A log as SLS's reading calls answer it: a JSON object whose values are strings, the nanoseconds of its time apart. */
import { printLog } from '../log-row.js';
import type { PlacedRow } from '../search.js';

/**
 * `added` comes behind the labels. Web tracking has no times of its own: its logs have the moment they were received at, to the
 * nanosecond.
 */
export function printSlsLog(row: PlacedRow, added: readonly (readonly [key: string, value: string])[] = []): string {
  const nanoseconds = BigInt(row.timeNs) % 1_000_000_000n;
  return printLog(row, nanoseconds === 0n ? added : [['__time_ns_part__', String(nanoseconds)], ...added]);
}
