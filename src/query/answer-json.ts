/** Parts of our own answers that are one JSON object. Logs are written by hand: an object would sort keys such as `7` first. */
import type { QueryMeta } from '../api/query.js';
import type { Inquiry } from './inquiry.js';
import { printPlace } from './log-place.js';
import { printLog } from './log-row.js';
import type { PlacedRow } from './search.js';
import type { Reached } from './slices.js';

/** `reachedNs` is how far an answer goes that is not about the whole range. */
export function metaOf({ figures, freshness }: Inquiry, reachedNs: Reached = null): QueryMeta {
  return {
    ...(reachedNs === null ? { progress: 'Complete' } : { progress: 'Incomplete', reached: secondsOf(reachedNs) }),
    scannedRows: figures.rowsRead,
    scannedBytes: figures.bytesRead,
    elapsedMs: Math.round(figures.elapsedMs * 1000) / 1000,
    ...(freshness === undefined ? {} : { freshness }),
  };
}

/** A LogEntry as JSON. */
export function logEntryText(row: PlacedRow): string {
  return `{"id":"${printPlace(row)}","timeNs":"${row.timeNs}","log":${printLog(row)}}`;
}

/** `meta`, and other members that are JSON already. */
export function answerText(meta: object, members: Readonly<Record<string, string>>): string {
  const others = Object.entries(members).map(([name, json]) => `,${JSON.stringify(name)}:${json}`);
  return `{"meta":${JSON.stringify(meta)}${others.join('')}}`;
}

/** Unix seconds; fractions are good to the microsecond, which is what was asked with. */
export function secondsOf(ns: bigint): number {
  return Number(ns / 1000n) / 1_000_000;
}
