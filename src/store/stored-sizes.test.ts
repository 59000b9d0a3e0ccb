// Goal: what logstores are said to take is near to what they take, and what is cut is gone from the disk, and nothing else is.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Engine, startEngine } from '../../test/support/query/engine.js';

const never = new AbortController().signal;
const DAY_SECONDS = 24 * 3600;
const FIRST_DAY = Date.UTC(2026, 10, 18) / 1000;

/** How many logs a logstore has, and SQL that makes the fields of the log `number`. */
interface Shape {
  readonly logs: number;
  readonly fields: string;
  readonly page?: string;
}

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';

const SHAPES: readonly Shape[] = [
  // Few words that are always the same.
  { logs: 36_000, fields: "map('event', 'view', 'step', toString(number % 7))" },
  // Wide.
  {
    logs: 18_000,
    fields: `mapFromArrays(arrayMap(i -> concat('key', toString(i)), range(18)),
      arrayMap(i -> concat('v', toString(cityHash64(number, i) % 100)), range(18)))`,
  },
  // What cannot be compressed.
  { logs: 1800, fields: "map('stack', randomPrintableASCII(800))" },
  // A small one beside them.
  { logs: 600, fields: "map('event', 'click', 'visitor', toString(generateUUIDv4()))" },
  // A page view, some of it in a column of its own.
  {
    logs: 18_000,
    fields: `map('ua', '${USER_AGENT}', 'visitor', toString(cityHash64(number) % 900), 'ms', toString(rand(number) % 3000))`,
    page: "concat('https://shop.example.com/p/', toString(cityHash64(number, 1) % 5000))",
  },
];

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
}, 60_000);
afterAll(() => engine.close());

/** The logs of all shapes, in three inserts, each logstore's spread over a day. */
async function insertShapes(): Promise<void> {
  await engine.run('ALTER TABLE logs ADD COLUMN f_page Nullable(String) CODEC(ZSTD(3))');
  for (const part of [0, 1, 2]) {
    const selects = SHAPES.map(({ logs, fields, page = 'NULL' }, i) => {
      const count = logs / 3;
      const step = (DAY_SECONDS * 1000) / count;
      // Clients have their own milliseconds.
      const time = `fromUnixTimestamp64Milli(toInt64(${FIRST_DAY * 1000} + number * ${step} + rand64(number) % ${Math.ceil(step)}), 'UTC')`;
      return `SELECT ${i + 1} AS logstore, ${time} AS time, 1 AS shard, number * 3 + ${part} AS seq, 1 AS row, 36500 AS ttl,
  concat('203.0.113.', toString(cityHash64(number) % 250)) AS source,
  (${fields})::Map(LowCardinality(String), String) AS fields, ${page} AS f_page FROM numbers(${count})`;
    });
    await engine.run(
      `INSERT INTO logs (logstore, time, shard, seq, row, ttl, source, fields, f_page) ${selects.join('\nUNION ALL ')}`,
    );
  }
  await engine.run('OPTIMIZE TABLE logs FINAL');
}

/** What the table would have less without this logstore. */
async function bytesOf(logstoreId: number): Promise<number> {
  const table = `without_${logstoreId}`;
  await engine.run(`CREATE TABLE ${table} AS logs`);
  await engine.run(`INSERT INTO ${table} SELECT * FROM logs WHERE logstore != ${logstoreId}`);
  await engine.run(`OPTIMIZE TABLE ${table} FINAL`);
  const size = (name: string) =>
    engine.count(`SELECT sum(bytes_on_disk) AS count FROM system.parts WHERE table = '${name}' AND active`);
  const bytes = (await size('logs')) - (await size(table));
  await engine.run(`DROP TABLE ${table} SYNC`);
  return bytes;
}

test('a logstore is said to take about what the disk would have back without it', async () => {
  await insertShapes();
  const hours = await engine.store.sizes.hours(never);
  const days = await engine.store.sizes.days(never);
  const total = hours.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(total).toBeCloseTo(
    [...days.values()].reduce((sum, bytes) => sum + bytes, 0),
    -2,
  );
  for (const [i, { logs }] of SHAPES.entries()) {
    const own = hours.filter(({ logstoreId }) => logstoreId === i + 1);
    expect(own.reduce((sum, one) => sum + one.logs, 0)).toBe(logs);
    const estimated = own.reduce((sum, { bytes }) => sum + bytes, 0);
    const taken = await bytesOf(i + 1);
    expect(estimated / taken).toBeGreaterThan(0.6);
    expect(estimated / taken).toBeLessThan(1.4);
  }
}, 60_000);

test('what is deleted is gone from the parts, and nothing else is', async () => {
  const noon = Date.UTC(2026, 9, 10, 12);
  const hourMs = 3_600_000;
  // Each hour of two days, for two logstores.
  const rows = Array.from({ length: 96 }, (_, i) => ({
    logstore: 20 + (i % 2),
    timeMs: noon + Math.floor(i / 2) * hourMs,
    seq: i,
  }));
  await engine.insert(rows);
  const kept = (logstore: number) => engine.count(`SELECT count() AS count FROM logs WHERE logstore = ${logstore}`);
  const { sizes } = engine.store;
  const before = noon / 1000 + 6 * 3600;

  await sizes.deleteBefore('2026-10-10', before, 20, never);
  await vi.waitUntil(async () => !(await sizes.isChanging(never)), 10_000);
  expect([await kept(20), await kept(21)]).toEqual([42, 48]);
  await sizes.deleteBefore('2026-10-10', before, null, never);
  await vi.waitUntil(async () => !(await sizes.isChanging(never)), 10_000);
  expect([await kept(20), await kept(21)]).toEqual([42, 42]);
  // Rows that are only hidden would still be counted here.
  const stored = `SELECT sum(rows) AS count FROM system.parts WHERE table = 'logs' AND active AND partition_id = '20261010'`;
  expect(await engine.count(stored)).toBe(12);

  await sizes.dropDay('2026-10-11', never);
  expect([...(await sizes.days(never)).keys()].filter((day) => day < '2026-11').sort()).toEqual([
    '2026-10-10',
    '2026-10-12',
  ]);
});
