// Goal: whatever order logs reach the store in, and however often a tail is broken off, each match is delivered once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, LIMITS, type Row, startEngine } from '../../test/support/query/engine.js';
import { systemClock } from '../platform/clock.js';
import { parseQuery } from './search/parse.js';
import { followLogs, type TailEvent } from './tail.js';
import { type Cursor, parseCursor, printCursor } from './tail-cursor.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

let logstore = 0;

/** Follows until `isEnough`; returns what was delivered and the cursor of the last event. */
async function follow(
  query: string,
  after: Cursor | null,
  isEnough: (event: TailEvent, values: readonly string[]) => boolean,
): Promise<{ values: string[]; cursor: Cursor; kinds: Set<string> }> {
  const stop = new AbortController();
  const values: string[] = [];
  const kinds = new Set<string>();
  const deps = { store: engine.store, clock: systemClock, limits: LIMITS };
  for await (const event of followLogs(
    deps,
    { logstoreId: logstore, index: null, query: parseQuery(query), after },
    stop.signal,
  )) {
    if (event.kind === 'log') values.push(event.row.fieldValues.join());
    kinds.add(event.kind);
    if (isEnough(event, values)) {
      // Through its text, as it goes to the client and comes back.
      const cursor = parseCursor(printCursor(event.cursor));
      if (cursor === null) throw new Error('the cursor cannot be read');
      return { values, cursor, kinds };
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
  await engine.insert([log(0, 2, 'a'), log(7, 1, 'c')]);
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
  expect(passed.cursor.places.get(0)?.seq).toBe(2);
  await engine.insert([log(0, 3, 'yes')]);
  expect((await follow('v:yes', passed.cursor, caughtUp)).values).toEqual(['yes']);
});

test('a log a little older than its predecessors is delivered as well', async () => {
  logstore += 1;
  await engine.insert([log(0, 1, 'first')]);
  const start = await follow('*', null, caughtUp);
  await engine.insert([log(0, 2, 'late', { agoMs: 30_000 })]);
  const late = await follow('*', start.cursor, caughtUp);
  expect(late.values).toEqual(['late']);
});

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
