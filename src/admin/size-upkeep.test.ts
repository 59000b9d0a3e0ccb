// Goal: the oldest logs go until limits are kept to, logstore by logstore and for all, and never those of the last hour.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { type Engine, startEngine } from '../../test/support/query/engine.js';
import { MemoryCatalog } from '../catalog/view.js';
import { openLog } from '../platform/diagnostics.js';
import { SizeUpkeep } from './size-upkeep.js';

const HOUR_MS = 3_600_000;
const HOURS = 60;
const clock = new ManualClock();
const never = new AbortController().signal;

let engine: Engine;
let upkeep: SizeUpkeep;
beforeAll(async () => {
  engine = await startEngine();
}, 60_000);
afterAll(() => engine.close());

afterEach(async () => {
  await upkeep.close();
  await engine.run('TRUNCATE TABLE logs SYNC');
});

/** Logs that cannot be compressed: each hour up to now, 20 of them for each of these logstores, some 8 KB together. */
async function insert(...logstores: number[]): Promise<void> {
  const rows = logstores.flatMap((logstore) =>
    Array.from({ length: HOURS * 20 }, (_, i) => ({
      logstore,
      timeMs: clock.wallMs() - (i / 20) * HOUR_MS,
      seq: i,
      fields: [['blob', randomBytes(300).toString('base64')] as const],
    })),
  );
  await engine.insert(rows);
}

function begin({
  own = 0,
  whole = 0,
  isKeeper = () => true,
}: {
  own?: number;
  whole?: number;
  isKeeper?: () => boolean;
}): void {
  const view = new MemoryCatalog();
  view.apply([
    { event: 'project', project: { name: 'shop', description: '', createdAt: 0, updatedAt: 0, quota: NO_QUOTA } },
    { event: 'logstore', logstore: { ...newLogstore(1, 'shop', 'web'), maxBytes: own } },
    { event: 'logstore', logstore: newLogstore(2, 'shop', 'app') },
  ]);
  const log = openLog('test', 'silent');
  upkeep = new SizeUpkeep({
    store: engine.store,
    view,
    storeBytesMax: () => whole,
    isKeeper,
    clock,
    log,
  });
  upkeep.begin();
}

const NO_QUOTA = { requestsPerSecond: null, bytesPerSecond: null };

const count = (logstore: number) => engine.count(`SELECT count() AS count FROM logs WHERE logstore = ${logstore}`);
const oldestHours = (logstore: number) =>
  engine.count(
    `SELECT intDiv(${clock.wallMs()} - toUnixTimestamp64Milli(min(time)), ${HOUR_MS}) AS count FROM logs WHERE logstore = ${logstore}`,
  );

async function sizeOf(logstoreId: number): Promise<number> {
  const hours = await engine.store.sizes.hours(never);
  return hours.filter((one) => one.logstoreId === logstoreId).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Resolves when what was cut is gone. */
async function cut(): Promise<void> {
  await vi.waitUntil(() => upkeep.cutBytes > 0, 20_000);
  await vi.waitUntil(async () => !(await engine.store.sizes.isChanging(never)), 20_000);
}

test('a logstore over its limit loses its oldest logs, and others lose none of theirs', async () => {
  await insert(1, 2);
  const limit = Math.round((await sizeOf(1)) / 2);
  begin({ own: limit });
  await cut();
  const left = await count(1);
  expect(left).toBeGreaterThan(HOURS * 20 * 0.35);
  expect(left).toBeLessThan(HOURS * 20 * 0.5);
  // The newest are there: as many hours as there are logs.
  expect(await oldestHours(1)).toBeLessThanOrEqual(Math.ceil(left / 20));
  expect(await count(2)).toBe(HOURS * 20);
  expect(upkeep.unreachable).toBe(0);
}, 60_000);

test('the whole store over its limit loses the oldest logs of all, days as a whole', async () => {
  await insert(1, 2);
  const limit = Math.round(((await sizeOf(1)) + (await sizeOf(2))) / 2);
  begin({ whole: limit });
  await cut();
  const [web, app] = [await count(1), await count(2)];
  expect(web).toBe(app);
  expect(web).toBeGreaterThan(HOURS * 20 * 0.35);
  const days = await engine.store.sizes.days(never);
  expect(days.size).toBeLessThan(3);
  expect([...days.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(limit);
}, 60_000);

test('logs of the last hour stay although they take too much, and it is said', async () => {
  await insert(1);
  begin({ own: 1024, whole: 2048 });
  await cut();
  const left = await count(1);
  expect(left).toBeGreaterThanOrEqual(20);
  expect(left).toBeLessThanOrEqual(40);
  await vi.waitUntil(() => upkeep.unreachable === 2, 10_000);
}, 60_000);

test('within limits, and on a node that does not keep, nothing is cut', async () => {
  await insert(1);
  for (const limits of [
    { own: 1024 ** 3, whole: 1024 ** 3 },
    { own: 1024, isKeeper: false },
  ]) {
    const isKeeper = vi.fn(() => limits.isKeeper ?? true);
    begin({ ...limits, isKeeper });
    await vi.waitUntil(() => isKeeper.mock.calls.length > 0);
    // Resolves when the round that asked has ended.
    await upkeep.close();
  }
  expect(await count(1)).toBe(HOURS * 20);
});
