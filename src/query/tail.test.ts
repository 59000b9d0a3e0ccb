// Goal: whatever order logs reach the store in, and however often a tail is broken off, each match is delivered once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, LIMITS, type Row, startEngine } from '../../test/support/query/engine.js';
import { ApiError } from '../errors.js';
import { systemClock } from '../platform/clock.js';
import { parseQuery } from './search/parse.js';
import { followLogs } from './tail.js';
import { type Cursor, parseCursor, printCursor } from './tail-cursor.js';
import type { TailEvent } from './tail-event.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

let logstore = 0;

interface Followed {
  readonly values: string[];
  /** Of the last event. */
  readonly cursor: Cursor;
  readonly kinds: ReadonlySet<string>;
  readonly leftOut: number;
}

/** Follows until `isEnough`. */
async function follow(
  query: string,
  after: Cursor | null,
  isEnough: (event: TailEvent, values: readonly string[]) => boolean,
  mayLeaveOut = false,
): Promise<Followed> {
  const stop = new AbortController();
  const values: string[] = [];
  const kinds = new Set<string>();
  let leftOut = 0;
  const { store, shards, position } = engine;
  const deps = { store, shards, position, storedPosition: position, clock: systemClock, limits: LIMITS };
  const tail = { logstoreId: logstore, index: null, query: parseQuery(query), after, mayLeaveOut };
  for await (const event of followLogs(deps, tail, stop.signal)) {
    if (event.kind === 'log') values.push(event.row.fieldValues.join());
    if (event.kind === 'leftOut') leftOut += event.logs;
    kinds.add(event.kind);
    if (isEnough(event, values)) {
      // Through its text, as it goes to the client and comes back.
      const cursor = parseCursor(printCursor(event.cursor));
      if (cursor === null) throw new Error('the cursor cannot be read');
      return { values, cursor, kinds, leftOut };
    }
  }
  throw new Error('the tail ended by itself');
}

const caughtUp = (event: TailEvent) => event.kind === 'caughtUp';

function log(shard: number, seq: number, value: string, { row = 1, agoMs = 0 } = {}): Row {
  return { logstore, shard, seq, row, timeMs: Date.now() - agoMs, fields: [['v', value]] };
}

test('what was stored before is not delivered, what comes then is, from every shard and from new ones', async () => {
  logstore += 1;
  await engine.insert([log(0, 1, 'old'), log(1, 500, 'old')]);
  const start = await follow('*', null, caughtUp);
  expect(start.values).toEqual([]);
  await engine.insert([log(1, 501, 'b')]);
  await engine.insert([log(0, 2, 'a'), log(2, 1, 'c')]);
  const next = await follow('*', start.cursor, caughtUp);
  expect(next.values.toSorted()).toEqual(['a', 'b', 'c']);
  expect((await follow('*', next.cursor, caughtUp)).values).toEqual([]);
});

test('a tail broken off after any log goes on with the next one', async () => {
  logstore += 1;
  let { cursor } = await follow('*', null, caughtUp);
  const wanted: string[] = [];
  for (const [shard, seq] of [
    [0, 1],
    [0, 2],
    [1, 1],
    [0, 3],
    [1, 2],
  ] as const) {
    const rows = [1, 2, 3].map((row) => log(shard, seq, `${shard}.${seq}.${row}`, { row }));
    wanted.push(...rows.map((row) => row.fields?.[0]?.[1] ?? ''));
    await engine.insert(rows);
  }
  const delivered: string[] = [];
  while (delivered.length < wanted.length) {
    const step = await follow('*', cursor, (_event, values) => values.length > 0);
    delivered.push(...step.values);
    cursor = step.cursor;
  }
  expect(delivered.toSorted()).toEqual(wanted.toSorted());
  for (const shard of ['0.', '1.']) {
    const ofShard = (values: string[]) => values.filter((value) => value.startsWith(shard));
    expect(ofShard(delivered)).toEqual(ofShard(wanted));
  }
  expect((await follow('*', cursor, caughtUp)).values).toEqual([]);
});

test('logs that do not match are passed over for good', async () => {
  logstore += 1;
  const start = await follow('v:yes', null, caughtUp);
  await engine.insert([log(0, 1, 'no'), log(0, 2, 'no')]);
  const passed = await follow('v:yes', start.cursor, caughtUp);
  expect(passed.values).toEqual([]);
  expect(passed.cursor.get(0)).toEqual({ seq: 3, row: 0 });
  await engine.insert([log(0, 3, 'yes')]);
  expect((await follow('v:yes', passed.cursor, caughtUp)).values).toEqual(['yes']);
});

test('a log is delivered when it is stored, whatever its time', async () => {
  logstore += 1;
  await engine.insert([log(0, 1, 'first')]);
  const start = await follow('*', null, caughtUp);
  const DAY_MS = 86_400_000;
  await engine.insert([log(0, 2, 'last week', { agoMs: 7 * DAY_MS }), log(1, 1, 'tomorrow', { agoMs: -DAY_MS })]);
  expect((await follow('*', start.cursor, caughtUp)).values.toSorted()).toEqual(['last week', 'tomorrow']);
});

test('what the store has not got for certain is not delivered yet', async () => {
  logstore += 1;
  const start = await follow('*', null, caughtUp);
  await engine.insert([log(0, 1, 'a'), log(0, 2, 'b')]);
  let loaded = 2;
  let storeRun: string | null = 'another run';
  const position = async ({ shard }: { shard: number }) =>
    shard === 0 ? { next: 3, loaded, storeRun } : { next: 0, loaded: 0, storeRun };
  const { store } = engine;
  const deps = {
    ...{ store, shards: { written: [0, 1], all: [0, 1] }, position, storedPosition: position },
    ...{ clock: systemClock, limits: LIMITS },
  };
  const tail = { logstoreId: logstore, index: null, query: parseQuery('*'), after: start.cursor, mayLeaveOut: false };
  const stop = new AbortController();
  const events = followLogs(deps, tail, stop.signal);
  // It is told how much there is, and gets none of it from a store that may have lost some.
  expect((await events.next()).value).toMatchObject({ kind: 'behind', logGroups: 2 });
  storeRun = await store.generation(stop.signal);
  expect((await events.next()).value).toMatchObject({ kind: 'log', row: { fieldValues: ['a'] } });
  loaded = 3;
  for (;;) {
    const { value } = await events.next();
    if (value?.kind === 'log') {
      expect(value).toMatchObject({ kind: 'log', row: { fieldValues: ['b'] } });
      break;
    }
  }
  stop.abort();
});

test.each(['refuses', 'owes an answer'])(
  'a shard that %s holds up no other, and is followed without a gap later',
  async (how) => {
    logstore += 1;
    await engine.insert([log(0, 1, 'old'), log(1, 7, 'old')]);
    const { store, shards, position: ask } = engine;
    let isAway = true;
    let answerLate = () => {};
    const position: typeof ask = (question) => {
      if (question.shard !== 1 || !isAway) return ask(question);
      if (how === 'refuses') return Promise.reject(new ApiError('ServerBusy'));
      return new Promise((resolve) => {
        answerLate = () => resolve(ask(question));
      });
    };
    const deps = { store, shards, position, storedPosition: ask, clock: systemClock, limits: LIMITS };
    const tail = { logstoreId: logstore, index: null, query: parseQuery('*'), after: null, mayLeaveOut: false };
    const stop = new AbortController();
    const events = followLogs(deps, tail, stop.signal);
    const next = async (kind: TailEvent['kind']): Promise<TailEvent> => {
      for (;;) {
        const { value } = await events.next();
        if (value?.kind === kind) return value;
      }
    };
    expect(await next('missing')).toMatchObject({ shards: [1] });
    await engine.insert([log(0, 2, 'here'), log(1, 8, 'away')]);
    expect(await next('log')).toMatchObject({ row: { fieldValues: ['here'] } });
    isAway = false;
    answerLate();
    expect(await next('missing')).toMatchObject({ shards: [] });
    expect(await next('log')).toMatchObject({ row: { fieldValues: ['away'] } });
    stop.abort();
  },
);

test('far behind, it says so, fetches in pieces, and leaves nothing out', async () => {
  logstore += 1;
  const { cursor } = await follow('*', null, caughtUp);
  const COUNT = 5000;
  await engine.insert(Array.from({ length: COUNT }, (_, i) => log(0, i + 1, String(i))));
  const all = await follow('*', cursor, caughtUp);
  expect(all.kinds).toContain('behind');
  expect(all.values).toEqual(Array.from({ length: COUNT }, (_, i) => String(i)));

  // Far behind, with nothing that matches: passed over in pieces too.
  const rare = await follow(`v:${COUNT - 1}`, cursor, caughtUp);
  expect(rare.values).toEqual([String(COUNT - 1)]);
});

test('a tail that may leave logs out delivers all of a few, some of many, and says how many not', async () => {
  logstore += 1;
  const { cursor } = await follow('*', null, caughtUp, true);
  await engine.insert(Array.from({ length: 3000 }, (_, i) => log(i % 2, i + 1, String(i))));
  const few = await follow('*', cursor, caughtUp, true);
  expect([few.values.length, few.leftOut]).toEqual([3000, 0]);

  const COUNT = 30_000;
  await engine.insert(Array.from({ length: COUNT }, (_, i) => log(0, 10_000 + i, `many ${i}`)));
  const isDone = (event: TailEvent) => event.kind === 'caughtUp' && event.cursor.get(0)?.seq === 10_000 + COUNT;
  const many = await follow('*', few.cursor, isDone, true);
  expect(many.values.length + many.leftOut).toBe(COUNT);
  expect(many.leftOut).toBeGreaterThan(COUNT / 2);
  expect(new Set(many.values).size).toBe(many.values.length);
});

test('whatever is sent as an id is one of ours or none', () => {
  for (const text of ['', 'x', '1;2', 't;1:2', 't;99999:1:1', 't;1:1:9999999999', `t${';1:1:1'.repeat(2000)}`]) {
    expect(parseCursor(text)).toBeNull();
  }
  const cursor = new Map([[1, { seq: 4711, row: 3 }]]);
  expect(parseCursor(printCursor(cursor))).toEqual(cursor);
  expect(parseCursor(printCursor(new Map()))).toEqual(new Map());
});
