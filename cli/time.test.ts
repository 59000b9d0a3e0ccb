// Goal: a moment is understood in every form people use, and what is none is refused with the forms there are.
import { describe, expect, test } from 'vitest';
import { Failure } from './failure.js';
import { parseTime } from './time.js';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 5, 250);

describe('a moment', () => {
  test.each<[string, number]>([
    ['now', NOW],
    ['now-15m', NOW - 15 * 60_000],
    ['15m', NOW - 15 * 60_000],
    ['30s', NOW - 30_000],
    ['2h', NOW - 2 * 3_600_000],
    ['7d', NOW - 7 * 86_400_000],
    ['1w', NOW - 7 * 86_400_000],
    ['now+1h', NOW + 3_600_000],
    ['0', 0],
    ['1795046385', 1_795_046_385_000],
    ['1795046385.123', 1_795_046_385_123],
    ['1795046385123', 1_795_046_385_123],
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['2026-11-22T10:00', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22 10:00', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22 10:00:05.5', Date.UTC(2026, 10, 22, 10, 0, 5, 500)],
    ['2026-11-22T10:00Z', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22T10:00:00+08:00', Date.UTC(2026, 10, 22, 2)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('%s', (text, timeMs) => {
    expect(parseTime(text, 'from', NOW)).toBe(timeMs);
  });
});

describe('no moment', () => {
  test.each([
    '',
    ' ',
    'yesterday',
    'now-',
    'now15m',
    '-15m',
    '15x',
    '1e9',
    '-1',
    '0x10',
    '2026-02-30',
    '2026-13-01',
    '2026-11-22T25:00',
    '2026-11-22T10',
    '22.11.2026',
  ])('%j', (text) => {
    expect(() => parseTime(text, 'from', NOW)).toThrow(Failure);
    expect(() => parseTime(text, 'from', NOW)).toThrow(/^--from .* is no time; write it as one of: now, /);
  });
});
