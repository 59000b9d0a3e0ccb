// Goal: counts, values, fields, surroundings and pages are those that a plain loop over the same logs finds.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { type Engine, LIMITS, type Row, startEngine } from '../../test/support/query/engine.js';
import { matches, type SampleLog } from '../../test/support/query/evaluate.js';
import { type QueryServer, startQueryServer } from '../../test/support/query/query-server.js';
import type {
  ContextAnswer,
  FacetsAnswer,
  FieldsAnswer,
  HistogramAnswer,
  LogAnswer,
  LogsAnswer,
  RowsAnswer,
} from '../api/query.js';
import { MemoryCatalog } from '../catalog/view.js';
import { parseQuery } from './search/parse.js';

const FROM_MS = 1_795_046_400_000;
const FROM = FROM_MS / 1000;
const TO = FROM + 120;

const catalog = new MemoryCatalog();
catalog.apply([
  {
    event: 'project',
    project: {
      name: 'shop',
      description: '',
      createdAt: 0,
      updatedAt: 0,
      quota: { requestsPerSecond: null, bytesPerSecond: null },
    },
  },
  ...['web', 'large'].map((name, i) => ({ event: 'logstore' as const, logstore: newLogstore(i + 1, 'shop', name) })),
]);

const LEVELS = ['info', 'info', 'info', 'warn', 'error', 'a', 'b', 'c'];

/** 600 logs in 120 s, five at each instant, of two shards, in groups of three. */
const LOGS: (Row & SampleLog)[] = Array.from({ length: 600 }, (_, n) => ({
  logstore: 1,
  timeMs: FROM_MS + Math.floor(n / 5) * 1000 + (n % 7 === 0 ? 0.25 : 0),
  shard: n % 2,
  seq: Math.floor(n / 6),
  row: (Math.floor(n / 2) % 3) + 1,
  topic: n % 4 === 0 ? 'pay' : '',
  source: `10.0.0.${n % 3}`,
  tags: n % 10 === 0 ? [['app', 'shop']] : [],
  fields: [
    ['n', String(n)],
    ['level', LEVELS[(n * 7) % LEVELS.length] ?? ''],
    ...(n % 5 === 0 ? ([['took', `${n}.5`]] as const) : []),
    ...(n % 50 === 0 ? ([['body', '{"a":[1]}']] as const) : []),
    ...(n % 60 === 0 ? ([['7', '']] as const) : []),
  ],
}));

const inOrder = LOGS.toSorted(
  (a, b) => a.timeMs - b.timeMs || (a.shard ?? 0) - (b.shard ?? 0) || a.seq - b.seq || (a.row ?? 1) - (b.row ?? 1),
);
const number = (log: SampleLog) => Number(log.fields[0]?.[1]);
const found = (query: string) => inOrder.filter((log) => matches(parseQuery(query), log));

function said(log: SampleLog, name: string): string | undefined {
  if (name === '__topic__') return log.topic || undefined;
  if (name === '__source__') return log.source || undefined;
  const entries = name.startsWith('__tag__:') ? log.tags : log.fields;
  return entries.find(([key]) => key === name.replace('__tag__:', ''))?.[1];
}

/** Values and how often each occurs, the frequent first. */
function ranked(logs: readonly SampleLog[], name: string): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const log of logs) {
    const value = said(log, name);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

let engine: Engine;
let server: QueryServer;

beforeAll(async () => {
  engine = await startEngine();
  await engine.insert(LOGS);
  server = await startQueryServer({ catalog, engine, limits: LIMITS });
});
afterAll(async () => {
  server.close();
  await engine.close();
});

const headers = { authorization: 'Bearer key', accept: 'application/json' };

function post(call: string, body: object, more: RequestInit = {}): Promise<Response> {
  const range = call === 'context' ? {} : { from: FROM, to: TO };
  const text = JSON.stringify({ ...range, ...body });
  return fetch(`${server.url}/shop/logstores/web/${call}`, { method: 'POST', headers, body: text, ...more });
}

async function answer<T>(response: Promise<Response>): Promise<T> {
  const got = await response;
  const body = await got.json();
  expect(body).toMatchObject({ meta: { progress: 'Complete', elapsedMs: expect.any(Number) } });
  expect(got.status).toBe(200);
  return body as T;
}

const QUERIES = ['', 'level:error', 'not level:info', '__topic__:pay and level:info', 'nothing'];

describe('a histogram', () => {
  test.each(QUERIES)('of %j has the counts of its buckets', async (query) => {
    const { meta, buckets } = await answer<HistogramAnswer>(post('histogram', { query, buckets: 50 }));
    expect(meta.widthSeconds).toBe(5);
    expect(meta.count).toBe(found(query).length);
    expect(meta.scannedRows).toBeGreaterThan(0);
    expect(buckets).toEqual(
      Array.from({ length: 24 }, (_, i) => {
        const [from, to] = [FROM + i * 5, FROM + i * 5 + 5];
        const count = found(query).filter(({ timeMs }) => timeMs >= from * 1000 && timeMs < to * 1000).length;
        return { from, to, count };
      }),
    );
  });

  test('may begin and end anywhere', async () => {
    const asked = { from: FROM + 0.5, to: FROM + 7.0001, widthSeconds: 3 };
    const { buckets } = await answer<HistogramAnswer>(post('histogram', asked));
    expect(buckets.map(({ from, to }) => [from, to])).toEqual([
      [FROM + 0.5, FROM + 3.5],
      [FROM + 3.5, FROM + 6.5],
      [FROM + 6.5, FROM + 7.0001],
    ]);
    expect(buckets.map(({ count }) => count)).toEqual([15, 15, 4]);
  });

  test('by a field has its most frequent values apart, and the others together', async () => {
    const asked = { query: 'not level:warn', by: 'level', top: 2, widthSeconds: 60 };
    const { series = [] } = await answer<HistogramAnswer>(post('histogram', asked));
    const logs = found(asked.query);
    const tops = ranked(logs, 'level').slice(0, 2);
    const countIn = (half: number, is: (value: string) => boolean) =>
      logs.filter((log) => Math.floor((log.timeMs - FROM_MS) / 60_000) === half && is(said(log, 'level') ?? '')).length;
    expect(series).toEqual([
      ...tops.map(({ value, count }) => ({ value, count, counts: [0, 1].map((i) => countIn(i, (v) => v === value)) })),
      {
        value: null,
        count: logs.length - tops.reduce((sum, { count }) => sum + count, 0),
        counts: [0, 1].map((i) => countIn(i, (v) => tops.every(({ value }) => value !== v))),
      },
    ]);
  });

  test('by a field that few logs have counts the logs without it among the others', async () => {
    const { series } = await answer<HistogramAnswer>(post('histogram', { by: 'body', widthSeconds: 120 }));
    expect(series).toEqual([
      { value: '{"a":[1]}', count: 12, counts: [12] },
      { value: null, count: 588, counts: [588] },
    ]);
  });
});

describe('facets', () => {
  test.each(QUERIES)('of %j are the values with their counts', async (query) => {
    const fields = ['level', 'took', '__topic__', '__source__', '__tag__:app', '7', 'none'];
    const { facets } = await answer<FacetsAnswer>(post('facets', { query, fields, top: 3 }));
    expect(facets).toEqual(
      fields.map((field) => {
        const values = ranked(found(query), field);
        const logs = values.reduce((sum, { count }) => sum + count, 0);
        return { field, logs, distinct: values.length, values: values.slice(0, 3) };
      }),
    );
  });
});

describe('the list of fields', () => {
  test('has every name with its share, what its values look like, and an example', async () => {
    const { meta, fields } = await answer<FieldsAnswer>(post('fields', {}));
    expect(meta).toMatchObject({ sampledLogs: 600, isSampled: false });
    const example = expect.stringMatching(/./);
    expect(fields).toEqual([
      { name: '__source__', logs: 600, share: 1, type: 'text', example },
      { name: 'level', logs: 600, share: 1, type: 'text', example },
      { name: 'n', logs: 600, share: 1, type: 'long', example },
      { name: '__topic__', logs: 150, share: 0.25, type: 'text', example: 'pay' },
      { name: 'took', logs: 120, share: 0.2, type: 'double', example: expect.stringMatching(/^\d+\.5$/) },
      { name: '__tag__:app', logs: 60, share: 0.1, type: 'text', example: 'shop' },
      { name: 'body', logs: 12, share: 0.02, type: 'json', example: '{"a":[1]}' },
      { name: '7', logs: 10, share: 1 / 60, type: 'text', example: '' },
    ]);
  });

  test('says when it has looked at the newest logs alone', async () => {
    const { meta, fields } = await answer<FieldsAnswer>(post('fields', { sample: 30 }));
    expect(meta).toMatchObject({ sampledLogs: 30, isSampled: true });
    expect(fields.find(({ name }) => name === 'n')?.logs).toBe(30);
    expect((await answer<FieldsAnswer>(post('fields', { query: 'nothing' }))).fields).toEqual([]);
  });
});

describe('logs as one object', () => {
  test('come with their ids, and with what the search cost', async () => {
    const { meta, logs } = await answer<LogsAnswer>(post('query', { query: 'n:120', order: 'oldestFirst' }));
    expect(meta).toMatchObject({ count: 1, next: null });
    expect(meta.scannedRows).toBeGreaterThan(0);
    expect(meta.scannedBytes).toBeGreaterThan(0);
    expect(logs).toEqual([
      {
        id: `${FROM + 24}000000000-0-20-1`,
        timeNs: `${FROM + 24}000000000`,
        log: {
          __time__: String(FROM + 24),
          __topic__: 'pay',
          __source__: '10.0.0.0',
          '__tag__:app': 'shop',
          '7': '',
          level: 'info',
          n: '120',
          took: '120.5',
        },
      },
    ]);
  });

  test('page by page are all of them, none twice, however many share an instant', async () => {
    const page = (body: object) => answer<LogsAnswer>(post('query', body));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 41, max: 250 }),
        fc.constantFrom('newestFirst', 'oldestFirst'),
        fc.constantFrom('', 'level:info'),
        async (limit, order, query) => {
          const numbers: number[] = [];
          let after: string | null = null;
          do {
            const { meta, logs }: LogsAnswer = await page({ query, limit, order, after });
            numbers.push(...logs.map(({ log }) => Number(log['n'])));
            after = meta.next;
          } while (after !== null);
          const wanted = found(query).map(number);
          expect(numbers).toEqual(order === 'oldestFirst' ? wanted : wanted.toReversed());
        },
      ),
      { numRuns: 4 },
    );
  });
});

describe('SQL behind a search', () => {
  const query = '__topic__:pay | SELECT level, count(*) AS n GROUP BY level ORDER BY n DESC, level LIMIT 2';
  const wanted = ranked(found('__topic__:pay'), 'level').slice(0, 2);

  test('is answered with its columns and rows', async () => {
    const { meta, rows } = await answer<RowsAnswer>(post('query', { query }));
    expect(meta).toMatchObject({
      count: 2,
      limit: 2,
      columns: [
        { name: 'level', type: 'varchar' },
        { name: 'n', type: 'bigint' },
      ],
    });
    expect(meta.scannedRows).toBeGreaterThan(0);
    expect(rows).toEqual(wanted.map(({ value, count }) => [value, String(count)]));
  });

  test('is answered with a row a line to those who want a stream', async () => {
    const response = await post('query', { query }, { headers: { authorization: 'Bearer key' } });
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      wanted.map(({ value, count }) => ({ level: value, n: String(count) })),
    );
  });

  test('does not change what is counted over time, and is not paged by a place', async () => {
    expect((await answer<HistogramAnswer>(post('histogram', { query }))).meta.count).toBe(150);
    const refused = await post('query', { query, after: '1-0-1-1' });
    expect(await refused.json()).toMatchObject({ errorMessage: 'after: SQL pages with LIMIT offset, count.' });
  });

  test('is refused with the place of its mistake in the whole query', async () => {
    for (const headers of [
      { authorization: 'Bearer key' },
      { authorization: 'Bearer key', accept: 'application/json' },
    ]) {
      const response = await post('query', { query: 'a | SELECT nope(1)' }, { headers });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errorMessage: expect.stringMatching(/nope/),
        line: 1,
        column: 12,
        offset: 11,
      });
    }
  });
});

describe('a log by its id', () => {
  test('is found, with the logs around it', async () => {
    const at = 300;
    const { logs } = await answer<LogsAnswer>(post('query', { query: `n:${number(inOrder[at] as SampleLog)}` }));
    const id = logs[0]?.id ?? '';
    const response = fetch(`${server.url}/shop/logstores/web/logs/${id}`, { headers });
    expect((await answer<LogAnswer>(response)).log).toEqual(logs[0]);

    const numbers = (entries: ContextAnswer['before']) => entries.map(({ log }) => Number(log['n']));
    const near = await answer<ContextAnswer>(post('context', { id, before: 4, after: 12 }));
    expect(near.log).toEqual(logs[0]);
    expect(numbers(near.before)).toEqual(inOrder.slice(at - 4, at).map(number));
    expect(numbers(near.after)).toEqual(inOrder.slice(at + 1, at + 13).map(number));

    const same = ['__source__', 'level', 'none', '__tag__:app'];
    const alike = (log: SampleLog) => same.every((name) => said(log, name) === said(inOrder[at] as SampleLog, name));
    const kin = await answer<ContextAnswer>(post('context', { id, same, before: 3, after: 0 }));
    expect(numbers(kin.before)).toEqual(inOrder.slice(0, at).filter(alike).slice(-3).map(number));
    expect(kin.after).toEqual([]);
  });

  test.each(['1-0-1-1', 'x', '1', `${2n ** 63n}-0-1-1`, '1-70000-1-1', '%00'])(
    'that is none, %j, is not found',
    async (id) => {
      const response = await fetch(`${server.url}/shop/logstores/web/logs/${id}`, { headers });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errorCode: 'LogNotExist' });
    },
  );
});

describe('what cannot be asked is refused', () => {
  test.each<[string, string, object, object]>([
    ['a mistake, with its place', 'histogram', { query: '😀 and\n (b' }, { line: 2, column: 4, offset: 10 }],
    ['a mistake in a search for one object', 'query', { query: 'a or' }, { line: 1, column: 5, offset: 4 }],
    ['an empty range', 'facets', { fields: ['a'], to: FROM }, { errorMessage: 'Request time range is invalid.' }],
    ['too many buckets', 'histogram', { buckets: 1001 }, { errorMessage: expect.stringMatching(/^buckets: /) }],
    [
      'buckets too narrow',
      'histogram',
      { to: FROM + 1001, widthSeconds: 1 },
      { errorMessage: expect.stringMatching(/1000/) },
    ],
    [
      'too many fields',
      'facets',
      { fields: Array(21).fill('a') },
      { errorMessage: expect.stringMatching(/^fields: /) },
    ],
    ['no field', 'facets', { fields: [] }, { errorMessage: expect.stringMatching(/^fields: /) }],
    ['too large a sample', 'fields', { sample: 100_001 }, { errorMessage: expect.stringMatching(/^sample: /) }],
    ['an id that is none', 'context', { id: 'x' }, { errorMessage: 'id: not an id of a log' }],
    [
      'too much around a log',
      'context',
      { id: '1-0-1-1', before: 1001 },
      { errorMessage: expect.stringMatching(/^before: /) },
    ],
    ['a place to go on that is none', 'query', { after: '1-2' }, { errorMessage: 'after: not an id of a log' }],
    ['an unknown member', 'fields', { limit: 1 }, { errorMessage: expect.stringMatching(/limit/) }],
  ])('%s', async (_what, call, body, error) => {
    const response = await post(call, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errorCode: 'ParameterInvalid', ...error });
  });

  test('text that is no name, and text in the place of names, is only text', async () => {
    const fields = ["x' OR 1=1 --", '`topic`', '{p0:String}', '\0', '"'];
    const { facets } = await answer<FacetsAnswer>(post('facets', { fields }));
    expect(facets).toEqual(fields.map((field) => ({ field, logs: 0, distinct: 0, values: [] })));
  });

  test('without a key, and for a logstore that is not there', async () => {
    expect((await post('histogram', {}, { headers: {} })).status).toBe(401);
    const at = `${server.url}/shop/logstores/none/histogram`;
    expect((await fetch(at, { method: 'POST', headers, body: '{}' })).status).toBe(404);
  });
});

describe('over very many logs', () => {
  const COUNT = 60_000;
  /** Finds every thousandth log, and takes a second or so for it. */
  const slow = [...Array.from({ length: 25 }, (_, i) => `l?rem${i}*m`), 'mark:yes'].join(' or ');
  const hasMark = (n: number) => n % 1000 === 0;
  const ask = (call: string, body: object, more: RequestInit = {}, at = server) =>
    fetch(`${at.url}/shop/logstores/large/${call}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: slow, from: FROM - 1000, to: FROM + 1000, ...body }),
      ...more,
    });

  beforeAll(async () => {
    await engine.run(
      `INSERT INTO logs (logstore, time, shard, seq, row, ttl, fields)
       SELECT 2, toDateTime64(${FROM}, 9, 'UTC') + number / 1000, 1, number, 1, 30,
         mapFilter((k, v) -> v != '', map('n', toString(number), 'pad', repeat('lorem ipsum ', 50), 'mark', if(number % 1000 = 0, 'yes', '')))
       FROM numbers(${COUNT})`,
    );
  });

  test('what nobody waits for any more is ended in the engine', async () => {
    const running = () =>
      engine.count(
        "SELECT count() AS count FROM system.processes WHERE query LIKE '%FROM logs%' AND query NOT LIKE '%system.processes%'",
      );
    for (const [call, body] of [
      ['histogram', {}],
      ['facets', { fields: ['pad'] }],
      ['fields', {}],
      ['query', {}],
    ] as const) {
      const leave = new AbortController();
      const asked = ask(call, body, { signal: leave.signal });
      await expect.poll(running, { timeout: 10_000 }).toBe(1);
      leave.abort();
      await expect(asked).rejects.toThrow();
      await expect.poll(running, { timeout: 10_000 }).toBe(0);
    }
  });

  describe('in too little time', () => {
    let hasty: QueryServer;
    beforeAll(async () => {
      hasty = await startQueryServer({ catalog, engine, limits: { ...LIMITS, timeMsMax: 250 } });
    });
    afterAll(() => hasty.close());

    test.each(['newestFirst', 'oldestFirst'])(
      'logs are found as far as it goes, %s, and it says how far',
      async (order) => {
        const response = await ask('query', { order, limit: 1000 }, {}, hasty);
        const { meta, logs } = (await response.json()) as LogsAnswer;
        expect(meta.progress).toBe('Incomplete');
        const marked = Array.from({ length: COUNT }, (_, n) => n).filter(hasMark);
        const reached = meta.reached ?? 0;
        const isLookedAt = (n: number) =>
          order === 'newestFirst' ? FROM + n / 1000 >= reached : FROM + n / 1000 < reached;
        const wanted = marked.filter(isLookedAt);
        expect(logs.map(({ log }) => Number(log['n']))).toEqual(order === 'newestFirst' ? wanted.toReversed() : wanted);
        expect(meta.next).toBeNull();
      },
    );

    test('logs are counted as far as it goes, the newest first', async () => {
      const response = await ask('histogram', { widthSeconds: 7, by: 'mark' }, {}, hasty);
      const { meta, buckets, series } = (await response.json()) as HistogramAnswer;
      expect(meta.progress).toBe('Incomplete');
      expect(series).toBeUndefined();
      for (const { from, to, count } of buckets) {
        const inside = Array.from({ length: COUNT / 1000 }, (_, n) => FROM + n).filter((at) => at >= from && at < to);
        expect(count).toBe(from >= (meta.reached ?? 0) ? inside.length : 0);
      }
    });

    test("SLS's clients are told so in the words they know", async () => {
      const asked = new URLSearchParams({ query: slow, from: `${FROM - 1000}`, to: `${FROM + 1000}`, interval: '100' });
      const read = (type: string) => fetch(`${hasty.slsUrl}/logstores/large?type=${type}&${asked}`);
      const logs = await read('log');
      expect(logs.headers.get('x-log-progress')).toBe('Incomplete');
      expect(await logs.json()).toHaveLength(Number(logs.headers.get('x-log-count')));

      const histogram = await read('histogram');
      expect(histogram.headers.get('x-log-progress')).toBe('Incomplete');
      const buckets = (await histogram.json()) as { count: number; progress: string }[];
      // The newest are counted first; what is beyond the first of them is not.
      const last = buckets.findLastIndex(({ progress }) => progress === 'Incomplete');
      expect(last).toBeGreaterThan(0);
      for (const [i, { progress, count }] of buckets.entries()) {
        expect(progress).toBe(i > last ? 'Complete' : 'Incomplete');
        if (i <= last) expect(count).toBe(0);
      }

      const body = JSON.stringify({ query: slow, from: FROM - 1000, to: FROM + 1000 });
      const object = await fetch(`${hasty.slsUrl}/logstores/large/logs`, { method: 'POST', body });
      expect(await object.json()).toMatchObject({ meta: { progress: 'Incomplete' } });
    });

    test('what cannot be right in part is refused', async () => {
      const hastier = await startQueryServer({ catalog, engine, limits: { ...LIMITS, timeMsMax: 10 } });
      for (const [call, body] of [
        ['facets', { fields: ['pad'] }],
        ['query', { query: `${slow} | SELECT count(*)` }],
      ] as const) {
        const response = await ask(call, body, {}, hastier);
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          errorMessage: expect.stringMatching(/^The query takes too much time/),
        });
      }
      await hastier.close();
    });
  });

  test('in too little memory, or with too long an answer, is refused', async () => {
    const small = await startQueryServer({
      catalog,
      engine,
      limits: { ...LIMITS, memoryBytesMax: 1_000_000 },
    });
    const narrow = await ask('facets', { query: '', fields: ['n'] }, {}, small);
    expect(await narrow.json()).toMatchObject({
      errorMessage: expect.stringMatching(/^The query takes too much memory/),
    });
    small.close();
    const long = await ask('query', { query: '', limit: COUNT });
    expect(await long.json()).toMatchObject({
      errorMessage: expect.stringMatching(/^The query takes too much room for its answer/),
    });
  });
});
