/** The logs of a UTC day are a partition of the table. */

/** The engine's name of the partition of a day such as `2026-11-22`. */
export function partitionOf(day: string): string {
  return day.replaceAll('-', '');
}

/** The day of a moment in Unix seconds. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
