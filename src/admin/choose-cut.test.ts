// Goal: the oldest logs go until the limit is kept to with some room, and never those of the last hour.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseCut, sumBytes } from './choose-cut.js';

const HOUR = 3600;
const hours = (...bytes: number[]) => bytes.map((size, i) => ({ hour: i * HOUR, bytes: size }));

test.each([
  ['nothing is there', hours(), 0, 10, null],
  ['it is just enough', hours(5, 5), 10, 10, null],
  ['one hour is too much', hours(5, 5, 5), 10, 10, { before: 2 * HOUR, isEnough: true }],
  ['all but the floor goes', hours(5, 5, 5), 1, 2, { before: 2 * HOUR, isEnough: false }],
  ['everything is younger than the floor', hours(5, 5), 1, 0, { before: null, isEnough: false }],
])('%s', (_what, sized, bytesMax, floorHours, cut) => {
  expect(chooseCut(sized, bytesMax, floorHours * HOUR)).toEqual(cut);
});

test('an hour goes as a whole, whoever has logs in it', () => {
  const shared = [...hours(6), ...hours(6), { hour: HOUR, bytes: 3 }];
  expect(chooseCut(shared, 10, 10 * HOUR)).toEqual({ before: HOUR, isEnough: true });
});

test('what is left is within the limit, or all that is left is of the floor', () => {
  const sized = fc.array(fc.nat(100), { maxLength: 30 }).map((bytes) => hours(...bytes));
  fc.assert(
    fc.property(sized, fc.nat(1000), fc.nat(30), (all, bytesMax, floorHours) => {
      const cut = chooseCut(all, bytesMax, floorHours * HOUR);
      const left = all.filter(({ hour }) => cut === null || cut.before === null || hour >= cut.before);
      const bytes = sumBytes(left);
      const isFloor = left.every(({ hour }) => hour + HOUR > floorHours * HOUR);
      expect(bytes <= bytesMax || isFloor).toBe(true);
      expect(cut === null || cut.isEnough === bytes <= bytesMax).toBe(true);
      // No hour more than needed: with the last one that went it would be over nine tenths.
      const last = all.findLast(({ hour }) => cut?.before === hour + HOUR);
      expect(last === undefined || bytes + last.bytes > bytesMax * 0.9).toBe(true);
    }),
  );
});
