/** Comparing what was sent with what is found. */
import type { Log } from './service.js';

/** How often each log occurs, whatever the order of its fields and the time it was received. */
export function counted(logs: readonly Readonly<Log>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { __time__, ...log } of logs) {
    const key = JSON.stringify(Object.entries(log).sort(([a], [b]) => (a < b ? -1 : 1)));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
