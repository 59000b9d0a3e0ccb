// Goal: memory that nobody needs is given back at once, and what somebody else still uses is left alone.
import { expect, test } from 'vitest';
import { discard } from './discard.js';

const LARGE = 64 * 1024;

test('a buffer of its own is empty afterwards, in every view of it', () => {
  const bytes = Buffer.allocUnsafeSlow(LARGE);
  const view = bytes.subarray(10);
  discard(bytes);
  expect([bytes.length, view.length]).toEqual([0, 0]);
});

test('memory is given back without the collector', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 100; i++) discard(Buffer.allocUnsafeSlow(LARGE));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * LARGE);
});

test.each([
  ['a piece of something larger', () => Buffer.allocUnsafeSlow(2 * LARGE).subarray(0, LARGE)],
  ['a small one, which may be of the pool that Node shares', () => Buffer.from('small')],
  ['memory that threads share', () => Buffer.from(new SharedArrayBuffer(LARGE))],
])('%s is left alone', (_what, make) => {
  const bytes = make();
  const { length } = bytes;
  discard(bytes);
  expect(bytes.length).toBe(length);
});

test('what has been given back may be given back again', () => {
  const bytes = Buffer.allocUnsafeSlow(LARGE);
  discard(bytes);
  discard(bytes);
  expect(bytes.length).toBe(0);
});
