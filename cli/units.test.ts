// Goal: figures are shown in units that people read.
import { expect, test } from 'vitest';
import { formatBytes, formatSeconds, formatTime } from './units.js';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [64 * 2 ** 20, '64.0 MiB'],
  [150 * 2 ** 30, '150 GiB'],
  [5000 * 2 ** 40, '5000 TiB'],
])('%d bytes are %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});

test.each([
  [0, '0 s'],
  [0.4, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3 * 3600 + 12 * 60 + 7, '3 h 12 min'],
  [86_400 + 5, '1 d'],
  [400 * 86_400 + 3600, '400 d 1 h'],
])('%d seconds are %s', (seconds, shown) => {
  expect(formatSeconds(seconds)).toBe(shown);
});

test('a time is in UTC', () => {
  expect(formatTime(1_795_046_385)).toBe('2026-11-18 23:59:45');
});
