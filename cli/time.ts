/** Moments as people type them. */
import { Failure } from './failure.js';
import { escapeForTerminal } from './terminal.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Unix times from here on are milliseconds: as seconds it would be the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * Unix milliseconds of
 *
 *   now, now-15m, now+1h     15m (the same as now-15m)     units s, m, h, d, w
 *   1795046385, 1795046385.123, 1795046385123              Unix seconds or milliseconds
 *   2026-11-22, 2026-11-22T10:00, 2026-11-22 10:00:05.5    UTC
 *   2026-11-22T10:00:00+08:00, 2026-11-22T10:00Z
 *
 * Throws Failure; `name` says in it whose value it was.
 */
export function parseTime(text: string, name: string, nowMs: number): number {
  const timeMs = relative(text, nowMs) ?? unix(text) ?? calendar(text);
  if (timeMs !== undefined && Number.isFinite(timeMs)) return timeMs;
  const forms = 'now, now-15m, 15m, 1795046385, 2026-11-22T10:00, 2026-11-22T10:00:00+08:00';
  throw new Failure('usage', `--${name} "${escapeForTerminal(text)}" is no time; write it as one of: ${forms}`);
}

function relative(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs;
  const [, sign = '-', amount, unit = ''] = /^(?:now([+-]))?(\d+)([smhdw])$/.exec(text) ?? [];
  const stepMs = UNIT_MS[unit];
  if (stepMs === undefined) return undefined;
  return nowMs + (sign === '+' ? 1 : -1) * Number(amount) * stepMs;
}

function unix(text: string): number | undefined {
  if (!/^\d+(?:\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return number < MILLISECONDS_FROM ? Math.round(number * 1000) : number;
}

function calendar(text: string): number | undefined {
  const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/;
  const [, date, time = '00:00', zone = 'Z'] = form.exec(text) ?? [];
  if (date === undefined) return undefined;
  const timeMs = Date.parse(`${date}T${time}${zone}`);
  // 30 February would be taken for 2 March.
  const day = new Date(`${date}T00:00Z`);
  return Number.isFinite(day.getTime()) && day.toISOString().startsWith(date) ? timeMs : undefined;
}
