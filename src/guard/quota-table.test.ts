// Goal: a key gets what its rate gives, whatever others do, in a table that never grows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BURST_MS, QuotaTable } from './quota-table.js';

/** Asks for one request at a rate; whether it passed. */
function request(table: QuotaTable, key: number, nowMs: number, perSecond = 10): boolean {
  const place = table.placeOf(0, key);
  if (table.requestsWaitMs(place, nowMs) > 0) return false;
  table.take(place, nowMs, 1000 / perSecond, 0);
  return true;
}

test('a bucket holds what its rate gives in ten seconds, and then gives what the rate gives', () => {
  const table = new QuotaTable(8);
  const passed = (nowMs: number) => {
    let count = 0;
    while (request(table, 1, nowMs)) count++;
    return count;
  };
  expect(passed(5000)).toBe(101);
  expect(passed(5000)).toBe(0);
  expect(passed(5100)).toBe(1);
  expect(passed(6100)).toBe(10);
  expect(passed(6100 + BURST_MS)).toBe(100);
  expect(passed(1e9)).toBe(101);
});

test('a debt is paid before anything passes, and the wait says when', () => {
  const table = new QuotaTable(8);
  const place = table.placeOf(0, 1);
  table.take(place, 0, 0, BURST_MS + 3000);
  expect(table.bytesWaitMs(place, 0)).toBe(3000);
  expect(table.bytesWaitMs(place, 3000)).toBe(0);
  expect(table.requestsWaitMs(place, 0)).toBeLessThanOrEqual(0);
});

test('a key whose bucket is full gives way at once, one that is nearest to full otherwise', () => {
  const table = new QuotaTable(8);
  for (let key = 0; key < 8; key++) for (let n = 0; n <= key; n++) request(table, key, 0);
  // Key 0 has used least.
  expect(request(table, 100, 0)).toBe(true);
  const spent = (key: number) => table.requestsWaitMs(table.placeOf(0, key), 0) + BURST_MS;
  expect(spent(7)).toBe(800);
  expect(spent(1)).toBe(200);
  // All are full again: whoever comes takes a place, and nobody is refused.
  for (let key = 1000; key < 1100; key++) expect(request(table, key, BURST_MS * 2)).toBe(true);
});

test('however many keys come, one that goes on is held to its rate', () => {
  const table = new QuotaTable(1024);
  let passed = 0;
  let key = 10;
  for (let nowMs = 0; nowMs < 20_000; nowMs += 10) {
    for (let n = 0; n < 5; n++) if (request(table, 1, nowMs)) passed++;
    for (let n = 0; n < 20; n++) expect(request(table, key++, nowMs)).toBe(true);
  }
  // A full bucket, and twenty seconds of ten.
  expect(passed).toBeLessThanOrEqual(101 + 200);
  expect(passed).toBeGreaterThanOrEqual(300);
});

test('with room for all, each key is like a bucket of its own', () => {
  const step = fc.record({ key: fc.nat(5), afterMs: fc.constantFrom(0, 1, 50, 100, 5000, 30_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(0.05, 1, 10), (steps, perSecond) => {
      const table = new QuotaTable(64);
      const tokens = new Map<number, { count: number; atMs: number }>();
      const capacity = (perSecond * BURST_MS) / 1000;
      let nowMs = 0;
      for (const { key, afterMs } of steps) {
        nowMs += afterMs;
        const bucket = tokens.get(key) ?? { count: capacity, atMs: nowMs };
        const count = Math.min(capacity, bucket.count + ((nowMs - bucket.atMs) / 1000) * perSecond);
        const isAllowed = count >= -1e-9;
        expect(request(table, key, nowMs, perSecond)).toBe(isAllowed);
        tokens.set(key, { count: isAllowed ? count - 1 : count, atMs: nowMs });
      }
    }),
    { numRuns: 300 },
  );
});

test('the number of places is a power of two', () => {
  expect(() => new QuotaTable(100)).toThrow();
  expect(() => new QuotaTable(4)).toThrow();
});
