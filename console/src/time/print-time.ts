/** Instants as people read them, in a zone. The forms are ISO 8601's, in every language: they sort, align and can be typed back. */
import type { Zone } from './zone.js';

/** `2026-11-22 10:42:07.123` */
export function printInstant(instantMs: number, zone: Zone): string {
  return shown(instantMs, zone).replace('T', ' ').slice(0, 23);
}

/** The same without a fraction, or without seconds, that are zero. */
export function printShort(instantMs: number, zone: Zone): string {
  return printInstant(instantMs, zone)
    .replace(/\.000$/, '')
    .replace(/^(.{16}):00$/, '$1');
}

/** `10:42:07.123`, for where the day is clear. */
export function printClock(instantMs: number, zone: Zone): string {
  return shown(instantMs, zone).slice(11, 23);
}

/** `2026-11-22T10:42:07.123+08:00` */
export function printIso(instantMs: number, zone: Zone): string {
  return `${shown(instantMs, zone).slice(0, 23)}${printOffset(zone.offsetMs(instantMs))}`;
}

/** A mark on an axis, as short as the width between two marks allows. */
export function printMark(instantMs: number, zone: Zone, stepMs: number): string {
  const text = shown(instantMs, zone);
  if (stepMs >= DAY_MS) return text.slice(5, 10);
  const clock = stepMs < MINUTE_MS ? text.slice(11, 19) : text.slice(11, 16);
  return clock === '00:00' ? text.slice(5, 10) : clock;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** ISO 8601 of the zone's clocks, with a `Z` that is not true. */
function shown(instantMs: number, zone: Zone): string {
  const date = new Date(instantMs + zone.offsetMs(instantMs));
  // Beyond the years that can be told.
  return Number.isNaN(date.getTime()) ? String(instantMs) : date.toISOString();
}

function printOffset(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  if (minutes === 0) return 'Z';
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
