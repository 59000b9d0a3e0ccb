// Goal: request ids have the form clients know, tell their second, and never repeat.
import { expect, test } from 'vitest';
import { createRequestIds } from './request-ids.js';

test('the first eight digits are the Unix second', () => {
  const next = createRequestIds({ wallMs: () => 1_447_227_300_999, monotonicMs: () => 0 });
  const id = next();
  expect(id).toMatch(/^[0-9A-F]{24}$/);
  expect(id.slice(0, 8)).toBe('5642EFA4');
});

test('a hundred thousand of one second differ', () => {
  const next = createRequestIds({ wallMs: () => 0, monotonicMs: () => 0 });
  expect(new Set(Array.from({ length: 100_000 }, next)).size).toBe(100_000);
});
