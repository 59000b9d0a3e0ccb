// Goal: a search becomes SQL in which nothing of the user's stands, and selects the logs that the search means.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyIndex, anyLog, anyQuery } from '../../../test/support/query/any-query.js';
import { type Engine, LIMITS, startEngine } from '../../../test/support/query/engine.js';
import { matches, Refused, type SampleLog } from '../../../test/support/query/evaluate.js';
import type { IndexConfig } from '../../model/index-config.js';
import { MAP_TABLE } from '../../store/log-table.js';
import { writeStatement } from '../../store/parameters.js';
import type { Query } from '../search/ast.js';
import { parseQuery } from '../search/parse.js';
import { printQuery } from '../search/print.js';
import { compileQuery } from './compile.js';
import { QueryRefused } from './query-refused.js';

/** `npm run proof:query` runs more. */
const RUNS = Number(process.env['QUERY_RUNS'] ?? 300);
const QUERIES_PER_RUN = 10;

const compiled = (text: string) =>
  writeStatement((bind) => compileQuery(parseQuery(text), { table: MAP_TABLE, index: null, bind }));

/** Text in the form that is searched by words. */
const haystack = (sql: string) =>
  `concat('\\n', lowerUTF8(translate(${sql}, ',\\'";=()[]{}?@&<>/: \\n\\t\\r', '${'\\n'.repeat(22)}')), '\\n')`;

describe('the SQL of a search, and its parameters', () => {
  const everything =
    "arrayStringConcat(arrayConcat([topic, source], mapKeys(tags), mapValues(tags), mapKeys(fields), mapValues(fields)), '\\n')";

  test.each<[string, string, Record<string, string>]>([
    ['*', 'true', {}],
    ['Foo', `(position(${haystack(everything)}, lowerUTF8({p0:String})) > 0)`, { p0: '\nFoo\n' }],
    ['fo*', `(position(${haystack(everything)}, lowerUTF8({p0:String})) > 0)`, { p0: '\nfo' }],
    [
      'path:/a/b',
      `(position(${haystack('fields[{p0:String}]')}, lowerUTF8({p1:String})) > 0 AND position(${haystack('fields[{p0:String}]')}, lowerUTF8({p2:String})) > 0)`,
      { p0: 'path', p1: '\na\n', p2: '\nb\n' },
    ],
    ['path:*', 'mapContainsKey(fields, {p0:String})', { p0: 'path' }],
    ['path:""', "(mapContainsKey(fields, {p0:String}) AND fields[{p0:String}] = '')", { p0: 'path' }],
    ['__topic__:web', '(topic = {p0:String})', { p0: 'web' }],
    ['__source__:10.*', '(startsWith(source, {p0:String}))', { p0: '10.' }],
    [
      '__tag__:app:shop',
      '(mapContainsKey(tags, {p0:String}) AND tags[{p0:String}] = {p1:String})',
      { p0: 'app', p1: 'shop' },
    ],
    [
      'not (__topic__:a or __topic__:b) __topic__:c',
      '(NOT ((topic = {p0:String}) OR (topic = {p1:String})) AND (topic = {p2:String}))',
      { p0: 'a', p1: 'b', p2: 'c' },
    ],
  ])('%s', (text, sql, parameters) => {
    expect(compiled(text)).toEqual({ sql, parameters });
  });
});

describe('on the real engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  let logstore = 0;
  const insert = async (logs: readonly SampleLog[]): Promise<number> => {
    logstore += 1;
    await engine.insert(logs.map((log, i) => ({ ...log, logstore, timeMs: 1_795_046_385_000, seq: i })));
    return logstore;
  };
  const found = async (store: number, query: Query, index: IndexConfig | null = null): Promise<number[]> => {
    const statement = writeStatement(
      (bind) =>
        `SELECT seq FROM logs WHERE logstore = ${bind(store, 'UInt64')} AND ${compileQuery(query, { table: MAP_TABLE, index, bind })} ORDER BY seq`,
    );
    const seqs: number[] = [];
    for await (const { seq } of engine.store.query<{ seq: string }>(statement, LIMITS, AbortSignal.timeout(20_000))) {
      seqs.push(Number(seq));
    }
    return seqs;
  };

  describe('a search finds', () => {
    const logs: SampleLog[] = [
      {
        topic: 'web',
        source: '10.0.0.7',
        tags: [['app', 'My Shop']],
        fields: [
          ['path', '/api/users?id=7'],
          ['status', '200'],
        ],
      },
      {
        topic: 'Web',
        source: '10.0.0.70',
        tags: [],
        fields: [
          ['path', '/'],
          ['status', '404'],
          ['referrer', ''],
        ],
      },
      {
        topic: '',
        source: '',
        tags: [['env', '']],
        fields: [
          ['消息', '支付 失败'],
          ['msg', 'Error: disk full\nat line 3'],
        ],
      },
      {
        topic: 'a:b',
        source: 'x',
        tags: [['app', 'shop']],
        fields: [
          ['my "field"', 'ÄÖ-ü_1.5'],
          ['error', 'none'],
        ],
      },
      {
        topic: 'inj',
        source: "' OR 1=1 --",
        tags: [],
        fields: [
          ['q', "O'Brien \\ {x:String} /* */ ; DROP TABLE logs"],
          ["k'", 'nul\0in'],
        ],
      },
    ];
    let store: number;
    beforeAll(async () => {
      store = await insert(logs);
    });

    test.each<[string, number[]]>([
      ['', [0, 1, 2, 3, 4]],
      ['*', [0, 1, 2, 3, 4]],
      ['error', [2, 3]],
      ['ERROR', [2, 3]],
      ['err', []],
      ['err*', [2, 3]],
      ['web', [0, 1]],
      ['10.0.0.7', [0]],
      ['10.0.0.7*', [0, 1]],
      ['shop', [0, 3]],
      ['status', [0, 1]],
      ['users', [0]],
      ['"users 7"', [0]],
      ['users/200', [0]],
      ['status:200', [0]],
      ['status:20', []],
      ['status:20*', [0]],
      ['not status:200', [1, 2, 3, 4]],
      ['status:* not status:200', [1]],
      ['path:api/USERS', [0]],
      ['path:"users api"', [0]],
      ['path:/api/*', [0]],
      ['path:/', [1]],
      ['path:/*', [0, 1]],
      ['referrer:""', [1]],
      ['referrer:*', [1]],
      ['not referrer:""', [0, 2, 3, 4]],
      ['Status:200', []],
      ['支付', [2]],
      ['支', []],
      ['支*', [2]],
      ['消息:失败', [2]],
      ['äö-ü_1.5', [3]],
      ['äö*', [3]],
      ['"my \\"field\\"":*', [3]],
      ['__topic__:web', [0]],
      ['__topic__:*', [0, 1, 2, 3, 4]],
      ['__topic__:""', [2]],
      ['__topic__:"a:b"', [3]],
      ['__source__:10.0.0.7', [0]],
      ['__source__:10.0.0.7*', [0, 1]],
      ['__tag__:app:"My Shop"', [0]],
      ['__tag__:app:My', []],
      ['__tag__:app:My*', [0]],
      ['__tag__:app:*', [0, 3]],
      ['__tag__:env:""', [2]],
      ['__tag__:none:""', []],
      ['web or error and not none', [0, 1, 2]],
      ['(web or error) not status:404', [0, 2, 3]],
      ['"\' OR 1=1 --"', [4]],
      ['__source__:"\' OR 1=1 --"', [4]],
      ['q:"O\'Brien"', [4]],
      ['q:"\\\\ {x:String}"', [4]],
      ['"{x:String}"', [4]],
      ['"{p0:String}"', []],
      ['"\'; DROP TABLE logs; --"', [4]],
      ['"/* */"', [4]],
      ['"nul\0in"', [4]],
      ['"k\'":"nul\0in"', [4]],
      ['"nul"', []],
    ])('%j', async (text, seqs) => {
      const query = parseQuery(text);
      expect(logs.flatMap((log, i) => (matches(query, log) ? [i] : []))).toEqual(seqs);
      expect(await found(store, query)).toEqual(seqs);
    });
  });

  test('words in a value of a megabyte are found, at its end too', async () => {
    const store = await insert([
      { topic: '', source: '', tags: [], fields: [['big', `${'lorem ipsum '.repeat(90_000)}needle`]] },
      { topic: '', source: '', tags: [], fields: [['big', 'x'.repeat(1024 * 1024)]] },
    ]);
    expect(await found(store, parseQuery('needle'))).toEqual([0]);
    expect(await found(store, parseQuery('big:needle'))).toEqual([0]);
    expect(await found(store, parseQuery('not lorem'))).toEqual([1]);
    expect(await found(store, parseQuery('xxxx*'))).toEqual([1]);
  });

  test('a search at its limits is still answered', async () => {
    const store = await insert([{ topic: 'x', source: '', tags: [], fields: [] }]);
    expect(await found(store, parseQuery(`${'not ('.repeat(24)}x${')'.repeat(24)}`))).toEqual([0]);
    const all = (text: (i: number) => string) => parseQuery(Array.from({ length: 30 }, (_, i) => text(i)).join(' or '));
    expect(
      await found(
        store,
        all((i) => `f${i}:v${i}`),
      ),
    ).toEqual([]);
    expect(
      await found(
        store,
        all((i) => `w${i}*${'?*'.repeat(30)}`),
      ),
    ).toEqual([]);
    expect(
      await found(
        store,
        all((i) => `${'a.'.repeat(20)}f${i} > 1`),
      ),
    ).toEqual([]);
    expect(await found(store, parseQuery(`#"${'x '.repeat(100)}"`))).toEqual([]);
    expect(await found(store, parseQuery(`f:${'x'.repeat(16_000)}`))).toEqual([]);
  });

  test('random searches over random logs under random indexes select what a plain loop selects', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLog, { minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(anyQuery, anyIndex), { minLength: QUERIES_PER_RUN, maxLength: QUERIES_PER_RUN }),
        fc.boolean(),
        async (logs, searches, merged) => {
          const store = await insert(logs);
          // A merge sorts the keys of maps into buckets.
          if (merged) await engine.run('OPTIMIZE TABLE logs FINAL');
          for (const [query, index] of searches) {
            const wanted = orRefused(Refused, () => logs.flatMap((log, i) => (matches(query, log, index) ? [i] : [])));
            const got = await found(store, query, index).catch(refusal);
            expect(got, `${printQuery(query)}   ${JSON.stringify(index)}`).toEqual(wanted);
          }
        },
      ),
      { numRuns: RUNS / QUERIES_PER_RUN, endOnFailure: true, interruptAfterTimeLimit: 1_000_000 },
    );
  }, 1_000_000);
});

function orRefused<T>(refused: typeof Refused | typeof QueryRefused, run: () => T): T | 'refused' {
  try {
    return run();
  } catch (error) {
    if (error instanceof refused) return 'refused';
    throw error;
  }
}

function refusal(error: unknown): 'refused' {
  if (error instanceof QueryRefused) return 'refused';
  throw error;
}
