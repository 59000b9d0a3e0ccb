/** How many logs a store has, of each logstore and day: what a backup says of itself, and what a restored one is held against. */
import * as z from 'zod';
import type { AskStore } from './ask-store.js';

export const DAY_COUNT = z.strictObject({
  logstoreId: z.int(),
  /** In UTC: `2026-11-22`. */
  day: z.string(),
  /** Logs of one day may have been received under several. */
  ttlDays: z.int(),
  logs: z.int(),
});

export type DayCount = z.infer<typeof DAY_COUNT>;

const DAY_MS = 86_400_000;

export async function countLogs(ask: AskStore): Promise<readonly DayCount[]> {
  const isThere = await ask(`SELECT count() FROM system.tables WHERE database = 'logboom' AND name = 'logs'`);
  if (isThere.trim() === '0') return [];
  const rows =
    await ask(`SELECT toInt64(logstore) AS logstoreId, toString(toDate(time)) AS day, ttl AS ttlDays, count() AS logs
FROM logboom.logs GROUP BY ALL ORDER BY ALL
FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0`);
  return rows
    .split('\n')
    .filter(Boolean)
    .map((row) => DAY_COUNT.parse(JSON.parse(row)));
}

/** The first day of which logs are missing, as a sentence, or null. Logs whose retention has ended may be gone. */
export function findMissing(expected: readonly DayCount[], found: readonly DayCount[], nowMs: number): string | null {
  for (const { logstoreId, day, ttlDays, logs } of expected) {
    const endsAtMs = Date.parse(day) + (ttlDays + 1) * DAY_MS;
    const same = found.find((one) => one.logstoreId === logstoreId && one.day === day && one.ttlDays === ttlDays);
    const there = same?.logs ?? 0;
    if (there !== logs && endsAtMs > nowMs) {
      return `of logstore ${logstoreId}, ${day}, there are ${there} logs, and the backup has ${logs}`;
    }
  }
  return null;
}

export function sumLogs(counts: readonly DayCount[]): number {
  return counts.reduce((sum, { logs }) => sum + logs, 0);
}
