/** How much a log, or a value of its level or status, wants to be looked at. */
import type { Row } from './row.js';

export type Tone = 'bad' | 'warn';

const BAD = /^(error|err|fatal|critical|crit|alert|emerg(ency)?|panic|severe|5\d\d)$/i;
const WARN = /^(warn|warning|4\d\d)$/i;

/** Null for what is in order, or unknown. */
export function toneOfValue(value: string): Tone | null {
  if (BAD.test(value)) return 'bad';
  return WARN.test(value) ? 'warn' : null;
}

const LEVELS = ['level', 'severity', 'log_level', 'loglevel'] as const;

export function toneOf({ log }: Row): Tone | null {
  const level = LEVELS.map((name) => log[name]).find((value) => value !== undefined);
  return level === undefined ? null : toneOfValue(level);
}
