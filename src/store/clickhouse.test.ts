// Goal: what a segment holds is what the store answers, log by log and field by field, each once, for as long as it should be.
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GroupLine, type SegmentFile, writeSegment } from '../../test/support/segment-file.js';
import { StoreProcess } from '../../test/support/store-process.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore } from './clickhouse.js';
import type { QueryLimits, SegmentLoad, Statement, Store } from './store.js';
import { StoreRefused, StoreUnavailable } from './store.js';

/** Others use the machine as well; what should come may take its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 24 * 3600 * 1000;
const LIMITS: QueryLimits = { timeMsMax: 20_000, memoryBytesMax: 300_000_000, rowsMax: 10_000 };
const never = new AbortController().signal;
const log = openLog('test', 'silent');

const storeProcess = new StoreProcess();
let store: Store;
let segmentNumber = 0;
/** Every test writes to logstores of its own. */
let id = 0;

beforeAll(async () => {
  await storeProcess.start();
  store = openStore({ socket: storeProcess.socket, log });
});

beforeEach(() => {
  id += 10;
});

afterAll(async () => {
  await store.close();
  await storeProcess.remove();
});

/** Any text that UTF-8 has: no lone surrogates. */
const text = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
  .map((any) => Buffer.from(any).toString());

interface LogRow {
  readonly time: string;
  readonly shard: number;
  readonly seq: string;
  readonly received: string;
  readonly row: number;
  readonly ttl: number;
  readonly topic: string;
  readonly source: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

function segment(groups: readonly GroupLine[]): SegmentFile {
  segmentNumber++;
  return writeSegment(path.join(storeProcess.directory, `${segmentNumber}.ndjson`), segmentNumber, groups);
}

function load(file: SegmentFile, deadLogstores: readonly number[] = []): SegmentLoad {
  return { ...file, deadLogstores };
}

async function rows<Row = LogRow>(statement: Statement, limits = LIMITS, signal = never): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of store.query<Row>(statement, limits, signal)) found.push(row);
  return found;
}

function logsOf(logstore: number): Promise<LogRow[]> {
  return rows({
    sql: 'SELECT * FROM logs WHERE logstore = {logstore:UInt64} ORDER BY time, shard, seq, row',
    parameters: { logstore },
  });
}

async function remove(condition: string): Promise<void> {
  await storeProcess.run(`ALTER TABLE logboom.logs DELETE WHERE ${condition} SETTINGS mutations_sync = 1`);
}

describe('the logs of a segment', () => {
  test('logs that bring times of their own keep them, to the nanosecond and whatever the day', async () => {
    const own = [NOON_MS - 6 * DAY_MS, NOON_MS + 1, NOON_MS - DAY_MS].map((ms) => BigInt(ms) * 1_000_000n + 5n);
    const logs = [{ n: '1' }, { n: '2' }, { n: '3' }];
    const file = segment([
      { logstoreId: id, seq: 0, timeMs: NOON_MS, logs: [{ n: '0' }], ttlDays: 3650 },
      { logstoreId: id, seq: 1, timeMs: NOON_MS, logs, times: own, appendMeta: true, ttlDays: 3650 },
    ]);
    await store.insertSegment(load(file), never);
    const found = await logsOf(id);
    expect(found.map(({ time, fields }) => [fields['n'], time])).toEqual([
      ['1', '2026-11-16 12:00:00.000000005'],
      ['3', '2026-11-21 12:00:00.000000005'],
      ['0', '2026-11-22 12:00:00.000000000'],
      ['2', '2026-11-22 12:00:00.001000005'],
    ]);
    expect(found[0]?.tags['__receive_time__']).toBe(String(NOON_MS / 1000));
    expect(new Set(found.map(({ received }) => received))).toEqual(new Set(['2026-11-22 12:00:00']));
    expect((await store.countSegment(load(file), never)).get(id)).toBe(4);
    await store.insertMissing(load(file), never);
    expect(await logsOf(id)).toHaveLength(4);
  });

  test('become rows that hold the group and the log, in order', async () => {
    const file = segment([
      {
        logstoreId: id,
        seq: 7,
        timeMs: NOON_MS,
        topic: 'shop',
        source: '198.51.100.1',
        tags: { app: 'cart' },
        ttlDays: 9,
        logs: [{ event: 'buy' }, { event: 'pay', price: '1.50' }],
      },
      { logstoreId: id, seq: 8, timeMs: NOON_MS + 1, logs: [{}] },
    ]);
    await store.insertSegment(load(file), never);
    const group = {
      shard: 1,
      received: '2026-11-22 12:00:00',
      ttl: 9,
      topic: 'shop',
      source: '198.51.100.1',
      tags: { app: 'cart' },
      logstore: String(id),
    };
    expect(await logsOf(id)).toEqual([
      { ...group, time: '2026-11-22 12:00:00.000000000', seq: '7', row: 1, fields: { event: 'buy' } },
      { ...group, time: '2026-11-22 12:00:00.000000000', seq: '7', row: 2, fields: { event: 'pay', price: '1.50' } },
      {
        received: '2026-11-22 12:00:00',
        ...{ logstore: String(id), shard: 1, time: '2026-11-22 12:00:00.001000000', seq: '8', row: 1, ttl: 30 },
        ...{ topic: '', source: '203.0.113.9', tags: {}, fields: {} },
      },
    ]);
  });

  test('keep every text as it is', async () => {
    const texts = [
      '',
      'Grüße, 世界 🎉',
      '\0',
      'a\0b',
      '"\\\n\r\t\u2028',
      '{"nested":[1,{"a":null}]}',
      '12345678901234567890',
    ];
    const logs = [
      Object.fromEntries(texts.map((text, i) => [`k${i}`, text])),
      Object.fromEntries(texts.map((text) => [text, 'as a key'])),
      { __proto__x: 'a', 'a.b.c': 'dots', constructor: 'word' },
    ];
    await store.insertSegment(load(segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs }])), never);
    expect((await logsOf(id)).map((row) => row.fields)).toEqual(logs);
  });

  test('keep any text as it is', async () => {
    const logs = fc.sample(fc.dictionary(text, text), 300);
    await store.insertSegment(load(segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs }])), never);
    const found = await logsOf(id);
    expect(found.map((row) => Object.entries(row.fields).sort())).toEqual(
      logs.map((log) =>
        Object.entries(log)
          .filter(([key]) => !key.startsWith('__tag__:'))
          .sort(),
      ),
    );
  });

  test('may have a value of a megabyte', async () => {
    const text = 'é'.repeat(512 * 1024);
    await store.insertSegment(load(segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs: [{ text }] }])), never);
    expect((await logsOf(id))[0]?.fields['text']).toBe(text);
  });

  test('have a tag of their own for a field that is named like one', async () => {
    const logs = [{ a: '1', '__tag__:own': 'x', '__tag__:app': 'mine' }, { a: '2' }, { '__tag__:': 'empty name' }];
    const plain = { logstoreId: id, seq: 1, timeMs: NOON_MS, logs: [{ b: '3' }], tags: { app: 'ours' } };
    const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs, tags: { app: 'ours' } }, plain]);
    await store.insertSegment(load(file), never);
    expect((await logsOf(id)).map(({ tags, fields }) => ({ tags, fields }))).toEqual([
      { tags: { app: 'mine', own: 'x' }, fields: { a: '1' } },
      { tags: { app: 'ours' }, fields: { a: '2' } },
      { tags: { app: 'ours', '': 'empty name' }, fields: {} },
      { tags: { app: 'ours' }, fields: { b: '3' } },
    ]);
  });

  test('carry who sent them and when, if their logstore wants it, whatever the sender claims', async () => {
    const group = { logstoreId: id, timeMs: NOON_MS + 999, logs: [{ a: '1' }], ip: '2001:db8::1', appendMeta: true };
    const claim = { __client_ip__: '10.0.0.1', app: 'cart' };
    await store.insertSegment(
      load(
        segment([
          { ...group, seq: 0, tags: claim },
          { ...group, seq: 1 },
        ]),
      ),
      never,
    );
    const meta = { __client_ip__: '2001:db8::1', __receive_time__: String(NOON_MS / 1000) };
    expect((await logsOf(id)).map((row) => row.tags)).toEqual([{ ...meta, app: 'cart' }, meta]);
  });

  test('have the address of the sender as source if it names none', async () => {
    const group = { logstoreId: id, timeMs: NOON_MS, logs: [{ a: '1' }], ip: '192.0.2.7' };
    const file = segment([
      { ...group, seq: 0 },
      { ...group, seq: 1, source: '' },
      { ...group, seq: 2, source: 'me' },
    ]);
    await store.insertSegment(load(file), never);
    expect((await logsOf(id)).map((row) => row.source)).toEqual(['192.0.2.7', '192.0.2.7', 'me']);
  });

  test('are left out if their logstore is deleted', async () => {
    const group = { seq: 0, timeMs: NOON_MS, logs: [{ a: '1' }] };
    const file = segment([
      { ...group, logstoreId: id },
      { ...group, logstoreId: id + 1 },
    ]);
    await store.insertSegment(load(file, [id]), never);
    expect(await store.countSegment(load(file, [id]), never)).toEqual(new Map([[id + 1, 1]]));
  });

  test('of two days lie in two parts, each there as a whole', async () => {
    const midnight = NOON_MS + DAY_MS / 2;
    const logs = Array.from({ length: 5000 }, (_, i) => ({ i: String(i) }));
    const file = segment([
      { logstoreId: id, seq: 0, timeMs: midnight - 1, logs },
      { logstoreId: id, seq: 1, timeMs: midnight, logs },
    ]);
    await store.insertSegment(load(file), never);
    expect(await store.countSegment(load(file), never)).toEqual(new Map([[id, 10_000]]));
    const sql =
      'SELECT toString(toDate(time)) AS day, uniqExact(_part) AS parts FROM logs WHERE logstore = {id:UInt64} GROUP BY day ORDER BY day';
    expect(await rows({ sql, parameters: { id } })).toEqual([
      { day: '2026-11-22', parts: '1' },
      { day: '2026-11-23', parts: '1' },
    ]);
  });

  test('cannot come from a path that ClickHouse would take for many', async () => {
    const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs: [{ a: '1' }] }]);
    const star = { ...file, segment: { ...file.segment, path: path.join(storeProcess.directory, '*.ndjson') } };
    await expect(store.insertSegment(load(star), never)).rejects.toThrow('* ? { }');
  });

  test('come from a path with quotes, blanks and backslashes', async () => {
    const directory = path.join(storeProcess.directory, `it's a "path" \\n`);
    fs.mkdirSync(directory);
    const group = { logstoreId: id, seq: 0, timeMs: NOON_MS, logs: [{ a: '1' }] };
    await store.insertSegment(load(writeSegment(path.join(directory, 's.ndjson'), 90_001, [group])), never);
    expect(await logsOf(id)).toHaveLength(1);
  });
});

describe('a segment that is loaded again', () => {
  test('adds nothing', async () => {
    const logs = Array.from({ length: 3000 }, (_, i) => ({ i: String(i) }));
    const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs }]);
    for (let round = 0; round < 3; round++) await store.insertSegment(load(file), never);
    await store.insertMissing(load(file), never);
    expect(await store.countSegment(load(file), never)).toEqual(new Map([[id, 3000]]));
  });

  test('is completed where rows are missing, and only there', async () => {
    const logs = Array.from({ length: 500 }, (_, i) => ({ i: String(i) }));
    const groups = [0, 1, 2, 3].map((seq) => ({ logstoreId: id + (seq % 2), seq, timeMs: NOON_MS + seq, logs }));
    const file = segment(groups);
    await store.insertSegment(load(file), never);
    await remove(`logstore = ${id} AND (seq = 2 OR row > 400)`);
    expect(await store.countSegment(load(file), never)).toEqual(
      new Map([
        [id, 400],
        [id + 1, 1000],
      ]),
    );
    // The token is remembered although the rows are gone: it alone would bring nothing back.
    await store.insertSegment(load(file), never);
    expect((await store.countSegment(load(file), never)).get(id)).toBe(400);
    await store.insertMissing(load(file), never);
    const found = await logsOf(id);
    expect(new Set(found.map((row) => `${row.seq} ${row.row}`)).size).toBe(1000);
    expect(found).toHaveLength(1000);
  });

  test('is completed a second time after the same rows were lost again', async () => {
    const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs: [{ a: '1' }] }]);
    for (let round = 0; round < 3; round++) {
      await store.insertMissing(load(file), never);
      expect(await store.countSegment(load(file), never)).toEqual(new Map([[id, 1]]));
      await remove(`logstore = ${id}`);
    }
  });

  test('is counted without the rows of its neighbours', async () => {
    const group = { logstoreId: id, timeMs: NOON_MS, logs: [{ a: '1' }, { a: '2' }] };
    const first = segment([{ ...group, seq: 0 }]);
    const second = segment([{ ...group, seq: 1 }]);
    await store.insertSegment(load(first), never);
    expect(await store.countSegment(load(second), never)).toEqual(new Map());
    await store.insertSegment(load(second), never);
    expect(await store.countSegment(load(first), never)).toEqual(new Map([[id, 2]]));
  });
});

describe('a few bytes that become very many, because tags are stored with every log', () => {
  const logs = Array.from({ length: 4096 }, () => ({ a: '1' }));

  test('are taken in small steps', async () => {
    const tags = { big: 'x'.repeat(8 * 1024) };
    const file = segment(Array.from({ length: 8 }, (_, seq) => ({ logstoreId: id, seq, timeMs: NOON_MS, logs, tags })));
    await expect(store.insertSegment(load(file), never)).rejects.toThrow(StoreUnavailable);
    await store.insertMissing(load(file), never);
    expect(await store.countSegment(load(file), never)).toEqual(new Map([[id, 8 * 4096]]));
  });

  test('are refused if a single log group does not fit', async () => {
    const tags = { big: 'x'.repeat(1024 * 1024) };
    const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs, tags }]);
    await expect(store.insertMissing(load(file), never)).rejects.toThrow(StoreRefused);
  });
});

test('a damaged segment is refused', async () => {
  const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs: [{ a: '1' }] }]);
  fs.appendFileSync(file.segment.path, '{"crc":"00000000","len":"00000007","v":1,"t":"not a number"}\n');
  await expect(store.insertSegment(load(file), never)).rejects.toThrow(StoreRefused);
});

test('an insert that its caller has given up is over once it is settled', async () => {
  const logs = Array.from({ length: 200_000 }, (_, i) => ({ i: String(i) }));
  const file = segment([{ logstoreId: id, seq: 0, timeMs: NOON_MS, logs }]);
  const caller = new AbortController();
  const insert = store.insertSegment(load(file), caller.signal);
  const running = `SELECT count() AS count FROM system.processes WHERE query LIKE 'INSERT INTO logs%'`;
  while ((await rows<{ count: string }>({ sql: running, parameters: {} }))[0]?.count === '0');
  caller.abort();
  await expect(insert).rejects.toThrow();
  await store.settleSegment(file.segment.token, never);
  expect(await rows({ sql: running, parameters: {} })).toEqual([{ count: '0' }]);
});

describe('retention', () => {
  const old = { timeMs: Date.now() - 10 * DAY_MS, logs: [{ a: '1' }] };

  test('deletes logs that are older than their ttl, and no others', async () => {
    const fresh = { ...old, timeMs: Date.now() };
    const groups = [
      { ...old, logstoreId: id, seq: 0, ttlDays: 8 },
      { ...old, logstoreId: id, seq: 1, ttlDays: 30 },
      { ...old, logstoreId: id, seq: 2, ttlDays: 65535 },
      // In 32 bits this many days are a round trip of the clock.
      { ...old, logstoreId: id, seq: 3, ttlDays: 49_710 },
      { ...fresh, logstoreId: id, seq: 4, ttlDays: 1 },
    ];
    await store.insertSegment(load(segment(groups)), never);
    await storeProcess.run('OPTIMIZE TABLE logboom.logs FINAL');
    expect((await logsOf(id)).map((row) => row.seq)).toEqual(['1', '2', '3', '4']);
  });

  test('follows a change, either way, for one logstore alone', async () => {
    const groups = [id, id + 1, id + 2].map((logstoreId) => ({ ...old, logstoreId, seq: 0, ttlDays: 30 }));
    await store.insertSegment(load(segment(groups)), never);
    await store.setTtl(id, 3);
    await store.setTtl(id + 1, 3650);
    await eventually(() => logsOf(id)).toEqual([]);
    await eventually(async () => (await logsOf(id + 1))[0]?.ttl).toBe(3650);
    await storeProcess.run('OPTIMIZE TABLE logboom.logs FINAL');
    expect((await logsOf(id + 2)).map((row) => row.ttl)).toEqual([30]);
    const ttls = await store.ttls();
    expect([ttls.get(id), ttls.get(id + 1), ttls.get(id + 2)]).toEqual([undefined, [3650], [30]]);
  });

  test('ends at once for a deleted logstore', async () => {
    const groups = [id, id + 1].map((logstoreId) => ({ logstoreId, seq: 0, timeMs: NOON_MS, logs: [{ a: '1' }] }));
    await store.insertSegment(load(segment(groups)), never);
    await store.deleteLogstore(id);
    await eventually(() => logsOf(id)).toEqual([]);
    expect(await logsOf(id + 1)).toHaveLength(1);
  });
});

describe('a query', () => {
  test('takes any text as a parameter', async () => {
    const sql = 'SELECT {text:String} AS text, {list:Array(String)} AS list';
    const check = async (text: string) => {
      expect(await rows({ sql, parameters: { text, list: [text, ''] } })).toEqual([{ text, list: [text, ''] }]);
    };
    for (const text of [
      `it's`,
      '\\',
      `\\'`,
      '\0',
      'a\nb\r\tc',
      '"',
      '{x:String}',
      '%00&a=b',
      '\\N',
      `'; DROP TABLE logs; --`,
    ]) {
      await check(text);
    }
    await check('x'.repeat(1024 * 1024));
    await fc.assert(fc.asyncProperty(text, check), { numRuns: 50 });
  });

  test('ends at its limits', async () => {
    const refusal = async (sql: string, limits: Partial<QueryLimits>) => {
      const error = await rows({ sql, parameters: {} }, { ...LIMITS, ...limits }).catch((thrown: unknown) => thrown);
      return error instanceof StoreRefused ? error.code : error;
    };
    const forEver = 'SELECT sum(cityHash64(number)) FROM numbers(1000000000000)';
    expect(await refusal(forEver, { timeMsMax: 300 })).toBe(159);
    expect(await refusal('SELECT groupArray(number) FROM numbers(100000000)', { memoryBytesMax: 20_000_000 })).toBe(
      241,
    );
    expect(await refusal('SELECT number FROM numbers(1000000)', { rowsMax: 100 })).toBe(396);
  });

  test('may be answered at once, with its columns and what it cost', async () => {
    const sql = 'SELECT toString(number % 3) AS n, count() AS c FROM numbers(100000) GROUP BY n ORDER BY n';
    const answer = await store.ask<{ n: string; c: string }>({ sql, parameters: {} }, LIMITS, never);
    expect(answer).toEqual({
      columns: [
        { name: 'n', type: 'String' },
        { name: 'c', type: 'UInt64' },
      ],
      rows: [
        { n: '0', c: '33334' },
        { n: '1', c: '33333' },
        { n: '2', c: '33333' },
      ],
      figures: { rowsRead: 100_000, bytesRead: 800_000, elapsedMs: expect.any(Number) },
    });
    expect(answer.figures.elapsedMs).toBeGreaterThan(0);
  });

  test('is not answered at once over what an answer may have, and ends in the engine when nobody waits', async () => {
    const ask = (sql: string, signal = never) =>
      store.ask({ sql, parameters: {} }, { ...LIMITS, timeMsMax: 60_000 }, signal);
    const long = `SELECT repeat('x', 1000000 - number) AS x FROM numbers(40)`;
    await expect(ask(long)).rejects.toMatchObject({ name: 'StoreRefused', exceeded: 'answer' });
    const running = `SELECT count() AS count FROM system.processes WHERE query LIKE '%cityHash64(number + 1)%' AND query NOT LIKE '%processes%'`;
    const leave = new AbortController();
    const asked = ask('SELECT sum(cityHash64(number + 1)) FROM numbers(1000000000000)', leave.signal);
    await eventually(() => rows({ sql: running, parameters: {} })).toEqual([{ count: '1' }]);
    leave.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    await eventually(() => rows({ sql: running, parameters: {} })).toEqual([{ count: '0' }]);
  });

  test('can read nothing but the store, and change nothing', async () => {
    for (const sql of [
      `SELECT * FROM file('/etc/passwd', 'LineAsString')`,
      `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`,
      'INSERT INTO logs (logstore) VALUES (1)',
      'DROP TABLE logs',
      'SET readonly = 0',
    ]) {
      await expect(rows({ sql, parameters: {} })).rejects.toThrow(StoreRefused);
    }
  });

  test('that fails half way says so behind the rows it gave', async () => {
    const sql = `SELECT number, throwIf(number = 1000000, 'half way') FROM numbers(4000000)`;
    let count = 0;
    const read = async () => {
      for await (const _ of store.query({ sql, parameters: {} }, { ...LIMITS, rowsMax: 10_000_000 }, never)) count++;
    };
    await expect(read()).rejects.toThrow(/half way/);
    expect(count).toBeGreaterThan(0);
  });

  test.each(['by its signal', 'by a reader that stops'])('is ended in the engine %s', async (how) => {
    const sql = `SELECT number, sleepEachRow(0.001) AS s, '${how}' FROM numbers(1000000) SETTINGS max_block_size = 100`;
    const controller = new AbortController();
    const read = async () => {
      for await (const _ of store.query(
        { sql: sql.replace(/ SETTINGS.*/, ''), parameters: {} },
        { ...LIMITS, rowsMax: 1_000_000, timeMsMax: 60_000 },
        controller.signal,
      )) {
        if (how === 'by a reader that stops') return;
        controller.abort();
      }
    };
    await read().catch(() => undefined);
    const running = `SELECT count() AS count FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%processes%'`;
    await eventually(() => rows({ sql: running, parameters: {} })).toEqual([{ count: '0' }]);
  });
});

test('a store that is not there is unavailable, not wrong', async () => {
  const nowhere = openStore({ socket: path.join(storeProcess.directory, 'nobody'), log });
  await expect(nowhere.ping()).rejects.toThrow(StoreUnavailable);
  await expect(nowhere.generation(never)).rejects.toThrow(StoreUnavailable);
  await nowhere.close();
});
