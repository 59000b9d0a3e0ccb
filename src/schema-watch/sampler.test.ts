// Goal: looking at logs has bounds, whatever comes, and what is looked at is what was stored.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CanonicalBody } from '../model/log-group.js';
import { Sampler } from './sampler.js';
import { Tally } from './tally.js';

function bodyOf(logs: readonly object[], tags: object = {}): CanonicalBody {
  const bytes = Buffer.from(JSON.stringify({ __logs__: logs, __tags__: tags }));
  return { bytes, start: 1, end: bytes.length, logCount: logs.length, hasLogTags: false };
}

async function look(offers: (sampler: Sampler) => void, versionKeys: readonly string[] = []) {
  const tally = new Tally(versionKeys);
  offers(new Sampler(tally));
  await turn();
  return tally.take();
}

test('a group is looked at as it was when it came', async () => {
  const [report, ...others] = await look(
    (sampler) => {
      const body = bodyOf([{ price: '1', v: '2' }, { price: 'x' }], { v: '3' });
      sampler.offer(7, { referer: 'https://shop.test/cart?secret=1' }, body, 1000);
      body.bytes.fill(0);
    },
    ['release', 'v', '__tag__:v'],
  );
  expect(others).toEqual([]);
  expect(report).toEqual({
    logstoreId: 7,
    logs: 2,
    origins: ['https://shop.test'],
    versions: ['2', '3'],
    fields: [
      {
        key: '__tag__:v',
        cells: [
          { type: 'integer', origin: 0, version: 0, count: 1 },
          { type: 'integer', origin: 0, version: 1, count: 1 },
        ],
      },
      {
        key: 'price',
        cells: [
          { type: 'integer', origin: 0, version: 0, count: 1 },
          { type: 'text', origin: 0, version: 1, count: 1 },
        ],
      },
      { key: 'v', cells: [{ type: 'integer', origin: 0, version: 0, count: 1 }] },
    ],
  });
});

test('of each logstore one group in a quarter of a second, of all three, and of a group some logs from all of it', async () => {
  const logs = Array.from({ length: 100 }, (_, n) => ({ [n < 50 ? 'early' : 'late']: '1' }));
  const reports = await look((sampler) => {
    for (let n = 0; n < 1000; n++) sampler.offer(n % 5, {}, bodyOf(logs), 1000 + n / 4); // one quarter of a second
  });
  expect(reports.map(({ logstoreId, logs: seen }) => [logstoreId, seen])).toEqual([
    [0, 20],
    [1, 20],
    [2, 20],
  ]);
  expect(reports[0]?.fields.map(({ key, cells }) => [key, cells[0]?.count])).toEqual([
    ['early', 10],
    ['late', 10],
  ]);
});

test('large groups are made up for, and very large ones not looked at', async () => {
  const large = bodyOf([{ text: 'x'.repeat(1024 * 1024) }]);
  const [report] = await look((sampler) => {
    for (let second = 0; second < 20; second++) sampler.offer(1, {}, large, second * 1000);
  });
  expect(report?.logs).toBeLessThan(12);
  expect(report?.logs).toBeGreaterThan(6);
  const huge = bodyOf([{ text: 'x'.repeat(5 * 1024 * 1024) }]);
  expect(await look((sampler) => sampler.offer(1, {}, huge, 1000))).toEqual([]);
});

test('keys, pages and versions without end take no more room than some', async () => {
  const [report] = await look(
    (sampler) => {
      for (let n = 0; n < 400; n++) {
        const logs = Array.from({ length: 20 }, (_, k) => ({ [`id_${n}_${k}`]: '1', v: `${n}.${k}`.repeat(100) }));
        sampler.offer(1, { origin: `https://${n}.test/${'x'.repeat(10_000)}` }, bodyOf(logs), n * 250);
      }
    },
    ['v'],
  );
  expect(report?.logs).toBe(399 * 20);
  expect(report?.fields).toHaveLength(5000);
  expect([report?.origins.length, report?.versions.length]).toEqual([16, 32]);
  expect(Math.max(...(report?.origins ?? []).map(({ length }) => length))).toBeLessThanOrEqual(300);
  expect(Math.max(...(report?.versions ?? []).map(({ length }) => length))).toBeLessThanOrEqual(64);
});
