/** A range of time: `from` is in it, `to` is not. As typed, as kept in the page's address, and as asked. */
import { type Moment, parseMoment, printMoment, resolveMoment } from './moment.js';
import { printShort } from './print-time.js';
import type { Zone } from './zone.js';

export interface Range {
  readonly from: Moment;
  readonly to: Moment;
}

/** Unix milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const NOW: Moment = { kind: 'relative', offsetMs: 0 };

export const PRESET_OFFSETS = [
  '1m',
  '5m',
  '15m',
  '30m',
  '1h',
  '3h',
  '6h',
  '12h',
  '24h',
  '2d',
  '7d',
  '14d',
  '30d',
] as const;

export function lastRange(offset: string): Range {
  const [, count = '15', unit = 'm'] = /^(\d+)([smhdw])$/.exec(offset) ?? [];
  const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[unit] ?? 60_000;
  return { from: { kind: 'relative', offsetMs: -Number(count) * unitMs }, to: NOW };
}

export const DEFAULT_RANGE: Range = lastRange('15m');

const SEPARATOR = /\s+(?:to|until|–|—|~|至|到)\s+|\s*[~–—]\s*/;

/** `now-15m`, `10:00 to 11:00`: one moment alone reaches until now. Null for what is none, and for a range that is empty. */
export function parseRange(typed: string, zone: Zone, nowMs: number): Range | null {
  const [first = '', second = 'now', ...more] = typed.trim().split(SEPARATOR);
  const from = parseMoment(first, zone, nowMs);
  // `2026-11-22 10:00 to 11:00`: a time alone is of the same day.
  const isTimeAlone = /^\d{1,2}(:\d|\s?[ap]m)/i.test(second);
  const to = parseMoment(second, zone, isTimeAlone && from?.kind === 'absolute' ? from.ms : nowMs);
  if (more.length > 0 || from === null || to === null) return null;
  const range = { from, to };
  const { fromMs, toMs } = resolveRange(range, nowMs);
  return fromMs < toMs ? range : null;
}

export function resolveRange({ from, to }: Range, nowMs: number): Span {
  return { fromMs: resolveMoment(from, nowMs), toMs: resolveMoment(to, nowMs) };
}

export function absoluteRange({ fromMs, toMs }: Span): Range {
  return { from: { kind: 'absolute', ms: fromMs }, to: { kind: 'absolute', ms: toMs } };
}

export function isRelative({ from, to }: Range): boolean {
  return from.kind === 'relative' || to.kind === 'relative';
}

/** What could be typed to get it again. */
export function printRange({ from, to }: Range, zone: Zone): string {
  const print = (moment: Moment) => (moment.kind === 'absolute' ? printShort(moment.ms, zone) : printMoment(moment));
  return `${print(from)} – ${print(to)}`;
}

/** The length of a range like `now-15m – now` as `15m`; null for all others. */
export function presetOf({ from, to }: Range): string | null {
  if (from.kind !== 'relative' || to.kind !== 'relative' || to.offsetMs !== 0 || from.offsetMs >= 0) return null;
  const text = printMoment(from).slice('now-'.length);
  return text === '1d' ? '24h' : text;
}
