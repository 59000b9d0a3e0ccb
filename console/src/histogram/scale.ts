/** Numbers and times where axes have their marks. */
import type { Span } from '../time/range.js';
import type { Zone } from '../time/zone.js';

/** The least of 1, 2 and 5 times a power of ten that is not below any count; 1 for nothing. */
export function topOf(counts: readonly number[]): number {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= most) ?? most;
}

export interface Mark {
  readonly ms: number;
  readonly stepMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

const MARKS_MAX = 7;

/** Where the zone's clocks show something round. Not at the very edges, where there is no room for a label. */
export function chooseMarks({ fromMs, toMs }: Span, zone: Zone): Mark[] {
  const length = toMs - fromMs;
  const stepMs = STEPS.find((step) => length / step <= MARKS_MAX) ?? length / MARKS_MAX;
  const offsetMs = zone.offsetMs(fromMs);
  const first = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs;
  const count = Math.max(0, Math.ceil((toMs - first) / stepMs));
  return Array.from({ length: count }, (_, i) => ({ ms: first + i * stepMs, stepMs })).filter(
    ({ ms }) => ms - fromMs > length * 0.02 && toMs - ms > length * 0.02,
  );
}
