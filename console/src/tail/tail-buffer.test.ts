// Goal: a tail shows the newest logs in order, loses none while it is paused, and never grows beyond its bound.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../rows/row.js';
import { EMPTY_TAIL, pause, resume, TAIL_ROWS_MAX, take } from './tail-buffer.js';

const rowsFrom = (first: number, count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: String(first + i), timeMs: 0, log: {} }));

test('however it is paused, the newest are shown in order and the bound holds', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('take' as const), count: fc.oneof(fc.nat(20), fc.nat(2 * TAIL_ROWS_MAX)) }),
    fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), count: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let buffer = EMPTY_TAIL;
      let total = 0;
      for (const { do: what, count } of steps) {
        if (what === 'take') {
          buffer = take(buffer, rowsFrom(total, count));
          total += count;
        } else buffer = what === 'pause' ? pause(buffer) : resume(buffer);
        expect(buffer.shown.length).toBeLessThanOrEqual(TAIL_ROWS_MAX);
        expect(buffer.waiting.length).toBeLessThanOrEqual(TAIL_ROWS_MAX);
      }
      const { shown } = resume(buffer);
      const newest = Array.from({ length: Math.min(total, TAIL_ROWS_MAX) }, (_, i) => String(total - 1 - i));
      expect(shown.map(({ id }) => id)).toEqual(newest);
      expect(buffer.total).toBe(total);
    }),
    { numRuns: 50 },
  );
});

test('while it is paused nothing moves, and what waits is counted', () => {
  const paused = take(pause(take(EMPTY_TAIL, rowsFrom(0, 3))), rowsFrom(3, TAIL_ROWS_MAX + 7));
  expect(paused.shown.map(({ id }) => id)).toEqual(['2', '1', '0']);
  expect(paused.waitingCount).toBe(TAIL_ROWS_MAX + 7);
});
