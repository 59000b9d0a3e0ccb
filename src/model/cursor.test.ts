// Goal: a cursor names one place of one logstore; its integer is what clients compute with.
import { expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { cursorNumber, decodeCursor, encodeCursor, isCursor } from './cursor.js';

const logstore = { ...newLogstore(1, 'default', 'web'), createdAt: 1_447_299_606 };

test('a cursor is the creation of its logstore in nanoseconds and a number, in base64', () => {
  expect(encodeCursor(logstore, 893_632_356)).toBe('MTQ0NzI5OTYwNjg5MzYzMjM1Ng==');
  expect(decodeCursor(logstore, 'MTQ0NzI5OTYwNjg5MzYzMjM1Ng==')).toBe(893_632_356);
  expect(cursorNumber(logstore, 1) - cursorNumber(logstore, 0)).toBe(1n);
});

test.each([0, 1, 2 ** 31, 1_795_046_385_123_000, Number.MAX_SAFE_INTEGER])('%d comes back', (seq) => {
  expect(decodeCursor(logstore, encodeCursor(logstore, seq))).toBe(seq);
});

test('cursors of before the logstore stand for its begin, and those of far behind for a number that never comes', () => {
  expect(decodeCursor(logstore, encodeCursor({ ...logstore, createdAt: 1 }, 5))).toBe(0);
  expect(decodeCursor(logstore, Buffer.from('9223372036854775807').toString('base64'))).toBe(Number.MAX_SAFE_INTEGER);
  expect(decodeCursor(logstore, Buffer.from('-1').toString('base64'))).toBe(0);
});

test.each([
  ['', false],
  ['MTIz', true],
  ['begin', false],
  ['MTIz!', false],
  [Buffer.from('12a').toString('base64'), false],
  [Buffer.from('9223372036854775808').toString('base64'), false],
  [Buffer.from('').toString('base64'), false],
  [Buffer.from('1'.repeat(30)).toString('base64'), false],
])('%j is a cursor: %s', (text, expected) => {
  expect(isCursor(text)).toBe(expected);
  if (!expected) expect(decodeCursor(logstore, text)).toBeUndefined();
});
