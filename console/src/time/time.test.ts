// Goal: a time means what was typed, in the zone that is shown; relative stays relative and absolute stays absolute.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMoment, printMoment, resolveMoment } from './moment.js';
import { printClock, printInstant, printIso, printMark, printShort } from './print-time.js';
import { lastRange, PRESET_OFFSETS, parseRange, presetOf, printRange } from './range.js';
import { instantOf, openZone, UTC } from './zone.js';

const NOW_MS = Date.UTC(2026, 10, 22, 18, 30, 0);
const SHANGHAI = openZone('Asia/Shanghai');
const BERLIN = openZone('Europe/Berlin');

describe('what can be typed', () => {
  test.each([
    ['now', '2026-11-22T18:30:00.000Z'],
    ['now-15m', '2026-11-22T18:15:00.000Z'],
    ['NOW - 2h', '2026-11-22T16:30:00.000Z'],
    ['15m', '2026-11-22T18:15:00.000Z'],
    ['now+5m', '2026-11-22T18:35:00.000Z'],
    ['1w', '2026-11-15T18:30:00.000Z'],
    ['1795046385', '2026-11-18T23:59:45.000Z'],
    ['1795046385.25', '2026-11-18T23:59:45.250Z'],
    ['1795046385123', '2026-11-18T23:59:45.123Z'],
    ['2026-11-22', '2026-11-21T16:00:00.000Z'],
    ['2026-11-22 10:00', '2026-11-22T02:00:00.000Z'],
    ['2026-11-22T10:00:05.250', '2026-11-22T02:00:05.250Z'],
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00+01:00', '2026-11-22T09:00:00.000Z'],
    // It is the 23rd already in Shanghai.
    ['10:00', '2026-11-23T02:00:00.000Z'],
    ['3pm', '2026-11-23T07:00:00.000Z'],
    ['12am', '2026-11-22T16:00:00.000Z'],
    ['today', '2026-11-22T16:00:00.000Z'],
    ['yesterday 3pm', '2026-11-22T07:00:00.000Z'],
    ['昨天 15:30', '2026-11-22T07:30:00.000Z'],
  ])('%s', (typed, iso) => {
    const moment = parseMoment(typed, SHANGHAI, NOW_MS);
    expect(moment && new Date(resolveMoment(moment, NOW_MS)).toISOString()).toBe(iso);
  });

  test.each(['', 'soon', '7', '99999', '2026-02-30', '2026-11-22 25:00', 'now-15x', '13pm', '10:75', 'now-'])(
    '%j is no time',
    (typed) => {
      expect(parseMoment(typed, UTC, NOW_MS)).toBeNull();
    },
  );
});

test.each([
  ['now-15m', 'now-15m – now'],
  ['2026-11-22 10:00 to 2026-11-22 11:00:30', '2026-11-22 10:00 – 2026-11-22 11:00:30'],
  ['2026-11-20 10:00 to 11:00', '2026-11-20 10:00 – 2026-11-20 11:00'],
  ['yesterday 3pm to 4pm', '2026-11-21 15:00 – 2026-11-21 16:00'],
  ['now-2h ~ now-1h', 'now-2h – now-1h'],
  ['昨天 至 今天', '2026-11-21 00:00 – 2026-11-22 00:00'],
])('the range %j', (typed, printed) => {
  const range = parseRange(typed, UTC, NOW_MS);
  expect(range && printRange(range, UTC)).toBe(printed);
});

test.each(['now to now-1h', 'now', 'x to now', '1h to 2h to 3h'])('%j is no range', (typed) => {
  expect(parseRange(typed, UTC, NOW_MS)).toBeNull();
});

test('what a range is printed as can be typed, and means the same', () => {
  const moment = fc.oneof(
    fc.integer({ min: -9_999, max: 0 }).map((count) => ({ kind: 'relative' as const, offsetMs: count * 60_000 })),
    fc.integer({ min: 0, max: 4e12 }).map((ms) => ({ kind: 'absolute' as const, ms })),
  );
  fc.assert(
    fc.property(moment, (one) => {
      expect(parseMoment(printMoment(one), BERLIN, NOW_MS)).toEqual(one);
    }),
  );
});

test('presets are known again', () => {
  expect(PRESET_OFFSETS.map((offset) => presetOf(lastRange(offset)))).toEqual([...PRESET_OFFSETS]);
  expect(presetOf({ from: { kind: 'absolute', ms: 0 }, to: { kind: 'relative', offsetMs: 0 } })).toBeNull();
});

describe('zones', () => {
  test('an unknown one is UTC', () => {
    expect(openZone('Europe/Atlantis')).toBe(UTC);
  });

  test('a time of day is found again, also around the hours when clocks are set', () => {
    const hour = fc.integer({ min: Date.UTC(2020, 0) / 3_600_000, max: Date.UTC(2030, 0) / 3_600_000 });
    fc.assert(
      fc.property(hour, fc.constantFrom(SHANGHAI, BERLIN, openZone('America/St_Johns')), (hours, zone) => {
        const instantMs = hours * 3_600_000;
        const [date = '', clock = ''] = printInstant(instantMs, zone).split(' ');
        const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
        const [h = 0, minute = 0] = clock.split(':').map(Number);
        const back = instantOf(zone, { year, month, day, hour: h, minute });
        // Twice a year an hour is shown twice.
        expect(Math.abs(back - instantMs) % 3_600_000).toBe(0);
        expect(printInstant(back, zone)).toBe(`${date} ${clock}`);
      }),
    );
  });

  test('instants are printed as their clocks show them', () => {
    const ms = Date.UTC(2026, 10, 22, 2, 0, 5, 7);
    expect(printInstant(ms, SHANGHAI)).toBe('2026-11-22 10:00:05.007');
    expect(printClock(ms, SHANGHAI)).toBe('10:00:05.007');
    expect(printIso(ms, SHANGHAI)).toBe('2026-11-22T10:00:05.007+08:00');
    expect(printIso(ms, openZone('America/St_Johns'))).toBe('2026-11-21T22:30:05.007-03:30');
    expect(printIso(ms, UTC)).toBe('2026-11-22T02:00:05.007Z');
    expect(printShort(Date.UTC(2026, 10, 22), UTC)).toBe('2026-11-22 00:00');
    expect(printInstant(Number.MAX_SAFE_INTEGER, UTC)).toBe('9007199254740991');
  });

  test.each([
    [1000, '18:30:00'],
    [60_000, '18:30'],
    [86_400_000, '11-22'],
  ])('marks %i ms apart', (step, text) => {
    expect(printMark(NOW_MS, UTC, step)).toBe(text);
  });
});
