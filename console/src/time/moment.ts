/**
 * A moment as it is typed, and as it stands in the page's address:
 *
 *   now   now-15m   15m          relative; units s, m, h, d, w
 *   2026-11-22   2026-11-22 10:00   2026-11-22T10:00:05.250+08:00   10:00
 *   today   yesterday 3pm   昨天 15:30
 *   1795046385   1795046385123   Unix seconds, Unix milliseconds
 *
 * A relative moment stays one until a query is run, and an absolute one is never made relative.
 */
import { type ClockTime, instantOf, UTC, type Zone } from './zone.js';

export type Moment =
  | { readonly kind: 'relative' /** From now; negative is the past. */; readonly offsetMs: number }
  | { readonly kind: 'absolute' /** Unix. */; readonly ms: number };

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Null for what is none. `zone` and `nowMs` are for times of day, and dates without a zone of their own. */
export function parseMoment(typed: string, zone: Zone, nowMs: number): Moment | null {
  const text = typed.trim().toLowerCase();
  return parseRelative(text) ?? parseUnix(text) ?? parseDate(text, zone) ?? parseDay(text, zone, nowMs);
}

/** `now-15m`, or ISO 8601 in UTC. */
export function printMoment(moment: Moment): string {
  if (moment.kind === 'absolute') return new Date(moment.ms).toISOString();
  const { offsetMs } = moment;
  if (offsetMs === 0) return 'now';
  const size = Math.abs(offsetMs);
  const [unit, unitMs] = Object.entries(UNIT_MS).findLast(([, ms]) => size % ms === 0) ?? ['s', 1000];
  // Fifteen minutes are 15m, a week is 7d: what people write.
  const [name, ms] = unit === 'w' ? ['d', UNIT_MS['d'] ?? 1] : [unit, unitMs];
  return `now${offsetMs < 0 ? '-' : '+'}${size / ms}${name}`;
}

/** The instant that is meant, Unix milliseconds. */
export function resolveMoment(moment: Moment, nowMs: number): number {
  return moment.kind === 'absolute' ? moment.ms : nowMs + moment.offsetMs;
}

function parseRelative(text: string): Moment | null {
  if (text === 'now' || text === '现在') return { kind: 'relative', offsetMs: 0 };
  const [, sign = '-', count, unit = ''] = /^(?:now ?)?([+-]?) ?(\d{1,9}) ?([smhdw])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (count === undefined || unitMs === undefined) return null;
  return { kind: 'relative', offsetMs: (sign === '+' ? 1 : -1) * Number(count) * unitMs };
}

function parseUnix(text: string): Moment | null {
  if (/^\d{9,10}(\.\d{1,9})?$/.test(text)) return { kind: 'absolute', ms: Math.round(Number(text) * 1000) };
  if (/^\d{12,13}$/.test(text)) return { kind: 'absolute', ms: Number(text) };
  return null;
}

const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(z|utc|[+-]\d{2}:?\d{2})?$/;

function parseDate(text: string, zone: Zone): Moment | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const time = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: Math.floor(Number(`0.${fraction || '0'}`) * 1000),
  };
  if (!isReal(time)) return null;
  if (offset === undefined) return { kind: 'absolute', ms: instantOf(zone, time) };
  return { kind: 'absolute', ms: instantOf(UTC, time) - parseOffset(offset) };
}

function parseOffset(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** What `Date.UTC` would carry over into the next month is a slip of the pen. */
function isReal({ year, month, day, hour, minute, second }: Required<ClockTime>): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
}

const DAYS: Readonly<Record<string, number>> = { today: 0, yesterday: -1, 今天: 0, 昨天: -1, 前天: -2 };

const DAY = /^(today|yesterday|今天|昨天|前天)?(?: ?(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?(am|pm)?)?$/;

function parseDay(text: string, zone: Zone, nowMs: number): Moment | null {
  const [whole = '', name, hourText, minute = '0', second = '0', half] = DAY.exec(text) ?? [];
  // A lone number may be anything.
  const isClear = name !== undefined || half !== undefined || whole.includes(':');
  if (whole === '' || !isClear) return null;
  const hour = readHour(Number(hourText ?? 0), half);
  if (hour === null || Number(minute) > 59 || Number(second) > 59) return null;
  const clock = new Date(nowMs + zone.offsetMs(nowMs));
  const time = {
    year: clock.getUTCFullYear(),
    month: clock.getUTCMonth() + 1,
    day: clock.getUTCDate() + (DAYS[name ?? 'today'] ?? 0),
    hour,
    minute: Number(minute),
    second: Number(second),
  };
  return { kind: 'absolute', ms: instantOf(zone, time) };
}

function readHour(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour < 24 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}
