// Goal: a search selects the logs that it means, on the real engine, whatever the index.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyWorld } from '../../../test/support/query/any-world.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';
import { matches, Refused, type SampleLog } from '../../../test/support/query/evaluate.js';
import { Searcher } from '../../../test/support/query/searcher.js';
import type { IndexConfig, KeyIndex, LineIndex } from '../../model/index-config.js';
import { MAP_TABLE } from '../../store/log-table.js';
import { parseQuery } from '../search/parse.js';
import { printQuery } from '../search/print.js';
import { QueryRefused } from './query-refused.js';

/** Random searches; `npm run proof:query` makes more. */
const RUNS = Number(process.env['QUERY_RUNS'] ?? 150);
const QUERIES_PER_RUN = 10;
const TIME_MS_MAX = 30_000 + RUNS * 200;

let engine: Engine;
let searcher: Searcher;
beforeAll(async () => {
  engine = await startEngine();
  searcher = new Searcher(engine);
});
afterAll(() => engine.close());

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
    store = await searcher.insert(logs);
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
    expect(await searcher.find(store, query)).toEqual(seqs);
  });
});

const textIndex = (rules: Omit<KeyIndex, 'type'>): IndexConfig => ({ keys: { v: { type: 'text', ...rules } } });
const typeIndex = (type: KeyIndex['type']): IndexConfig => ({ keys: { v: { type } } });
const lineIndex = (rules: Partial<LineIndex>): IndexConfig => ({ line: { token: [' '], ...rules } });
const jsonIndex = (rules: Omit<KeyIndex, 'type'>): IndexConfig => ({ keys: { v: { type: 'json', ...rules } } });

/** Of logs that have but a field `v`. */
describe('among these values, a search finds', () => {
  test.each<[values: string[], index: IndexConfig | null, search: string, found: number[]]>([
    // Phrases.
    [['a b c', 'a c b', 'c a, b', 'a  -b', 'A/B'], null, '#"a b"', [0, 2, 4]],
    [['a b c', 'a c b', 'c a, b', 'a  -b', 'A/B'], null, 'v:#"a b"', [0, 2, 4]],
    [['a b', 'a  b', 'ab'], null, 'not v:#"a b"', [2]],
    [['v', 'a'], null, '#"v a"', []],
    [['a b', 'A b'], textIndex({ caseSensitive: true }), 'v:#"A b"', [1]],
    [['支付 失败', '失败支付', '付 x', '支付失 败'], textIndex({ chn: true }), 'v:#"支付失败"', [0, 3]],
    [['x支y', 'x支 y', 'x y支', 'xx支y'], textIndex({ chn: true }), 'v:#"x 支 y"', [0, 1]],
    // Wildcards.
    [['abc', 'abbc', 'ac', 'ab-c', 'a b c', 'xabc'], null, 'v:a*c', [0, 1, 2, 3]],
    [['abc', 'abbc', 'ac', 'a支c', 'a😀c', 'a c'], null, 'v:a?c', [0, 3, 4]],
    [['abcabd', 'abc', 'abdabc'], null, 'a*b?*d', [0]],
    [['a.c', 'abc', 'a.cd'], null, 'v:a.c*', [0, 2]],
    [['/api/a/b', '/api/b', '/api'], null, 'v:/api/*/b', [0, 1]],
    [['a_c', 'abc', 'a%c'], null, 'v:a_*', [0]],
    [['支付', '支', '付支'], textIndex({ chn: true }), 'v:支*', [0, 1, 2]],
    [['abc支', 'ab支', 'xab'], textIndex({ chn: true }), 'v:a*', [0, 1]],
    [['abc支', 'ab支', 'a支b'], textIndex({ chn: true }), 'v:a?', [1]],
    // Numbers.
    [['5', '5.5', '-1', 'x', '', '1e1', ' 7', 'nan', 'inf'], null, 'v > 5', [1, 5]],
    [['5', '5.5', '-1', 'x', '', '1e1', ' 7', 'nan', 'inf'], null, 'not v <= 5', [1, 3, 4, 5, 6, 7, 8]],
    [['1', '2', '5', '5.5'], null, 'v in (1 5]', [1, 2]],
    [['1', '2', '5', '5.5'], null, 'v in [1 5)', [0, 1]],
    [['5', '5.0', '05', 'a 5'], null, 'v = 5', [0, 1, 2]],
    [['5', '5.0', '05', 'a 5'], null, 'v:5', [0, 3]],
    [['9007199254740992', '9007199254740993', '9223372036854775808'], typeIndex('long'), 'v > 9007199254740992', [1]],
    [['9007199254740992', '9007199254740993', '1.5'], typeIndex('long'), 'v:9007199254740993', [1]],
    [['1', '2', '1.5'], typeIndex('long'), 'v >= 1.5', [1]],
    [['1', '2', '1.5', '1e0'], typeIndex('double'), 'v:1.0', [0, 3]],
    [['', 'x', '1'], typeIndex('long'), 'v:""', [0]],
    [['', 'x', '1'], typeIndex('long'), 'v:*', [0, 1, 2]],
    [['5', '6', 'v > 5'], typeIndex('text'), 'v > 5', [0, 2]],
    [['5', 'v 5', 'v'], lineIndex({}), 'v=5', []],
    [['v = 5', 'v 5'], lineIndex({}), 'v=5', [0]],
    // Words by the rules of an index.
    [['a-b', 'a b', 'b'], textIndex({ token: ['-'] }), 'v:b', [0, 2]],
    [['a b', 'A b', 'a'], textIndex({ token: [] }), 'v:"a b"', [0, 1]],
    [['a。b', 'a b', '。b'], textIndex({ token: ['。', ' '] }), 'v:b', [0, 1, 2]],
    [['aXbxc', 'b'], textIndex({ token: ['X'] }), 'v:bxc', [0]],
    [['Ä', 'ä'], textIndex({ caseSensitive: true }), 'v:ä', [1]],
    [['-', '--', 'a-'], textIndex({ token: ['-'] }), 'v:"-"', [0]],
    [['-', '--', 'a-'], textIndex({ token: ['-'] }), 'v:-*', [0, 1]],
    [['支付失败', '付支', 'x付y'], textIndex({ chn: true }), 'v:支付', [0]],
    [['支付失败', '付支', 'x付y'], textIndex({ chn: true }), 'v:"付 x"', [2]],
    [['支付失败', '付支', 'x付y', 'xy付'], textIndex({ chn: true }), 'v:x', [2]],
    [['a\nb', 'a b'], textIndex({ token: [','] }), 'v:b', [0]],
    [['A b', 'a b'], lineIndex({ caseSensitive: true }), 'A', [0]],
    [['支付', '支'], lineIndex({ chn: true }), '付', [0]],
    [['a', 'b'], lineIndex({ include_keys: ['w'] }), 'a', []],
    [['a', 'b'], lineIndex({ include_keys: ['v'] }), 'a', [0]],
    [['a', 'b'], lineIndex({ exclude_keys: ['v'] }), 'a or v', []],
    [['a', 'b'], lineIndex({ exclude_keys: ['w'] }), 'v a', [0]],
    [['a', 'b'], textIndex({}), 'a', [0]],
    [['a', 'b'], { keys: { w: { type: 'text' } } }, 'a', []],
    [['A', 'b'], lineIndex({ caseSensitive: true }), 'v:a', [0]],
    // Paths into JSON.
    [['{"a":5}', '{"a":"5"}', '{"a":{"b":5}}', '{"a":[5]}', '{"a":6}', 'x', ''], null, 'v.a = 5', [0, 1]],
    [['{"a":true}', '{"a":"true"}', '{"a":false}', '{"a":null}'], null, 'v.a:true', [0, 1]],
    [['{"a":true}', '{"a":null}', '{"a":[]}', '{"a":{}}', '{}', '{"a":""}', '{"a":1'], null, 'v.a:*', [0, 5]],
    [['{"a":""}', '{"a":null}', '{}'], null, 'v.a:""', [0]],
    [['{"a":{"b":"x y"}}', '{"a":"x"}'], null, 'v.a.b:y', [0]],
    [['{"a":"x y"}', '{"a":"y x"}'], null, 'v.a:#"x y"', [0]],
    [['{"a":"xyz"}', '{"b":"xyz"}'], null, 'v.a:x?z', [0]],
    [['{"a":1.50}', '{"a":1e0}', '{"a":-1}'], jsonIndex({ json_keys: { a: { type: 'double' } } }), 'v.a:1.5', [0]],
    [['{"a":2}', '{"a":2.0}', '{"a":"2"}'], jsonIndex({ json_keys: { a: { type: 'long' } } }), 'v.a >= 2', [0, 1, 2]],
    [['{"b":2}', '{"b":3}'], jsonIndex({ json_keys: { a: { type: 'long' } } }), 'v.b > 2', [1]],
    [['{"a":"X"}', '{"a":"x"}'], jsonIndex({ caseSensitive: true }), 'v.a:x', [1]],
    [['{"a":"x-y"}', '{"a":"x y"}'], jsonIndex({ json_keys: { a: { type: 'text', token: ['-'] } } }), 'v.a:x', [0]],
    [['{"a":"x"}', '{"b":"a"}'], jsonIndex({ token: [] }), 'v:a', [0, 1]],
  ])('%j under %j: %s', async (values, index, search, found) => {
    const query = parseQuery(search);
    const logs = values.map((value): SampleLog => ({ topic: '', source: '', tags: [], fields: [['v', value]] }));
    expect(logs.flatMap((log, i) => (matches(query, log, index) ? [i] : []))).toEqual(found);
    expect(await searcher.find(await searcher.insert(logs), query, index)).toEqual(found);
  });

  test('a field of just that name wins over a path into another one, in each log', async () => {
    const fields: SampleLog['fields'][] = [
      [
        ['v', '{"a":1}'],
        ['v.a', '2'],
      ],
      [['v', '{"a":2}']],
      [['v.a', '1']],
    ];
    const logs = fields.map((some): SampleLog => ({ topic: '', source: '', tags: [], fields: some }));
    expect(await searcher.find(await searcher.insert(logs), parseQuery('v.a = 1'))).toEqual([2]);
  });

  test('topic, source and tags have their place in what the full text includes', async () => {
    const log: SampleLog = {
      topic: 't',
      source: 's',
      tags: [
        ['n', 'g'],
        ['m', 'h'],
      ],
      fields: [['f', 'v']],
    };
    const store = await searcher.insert([log]);
    const found = async (text: string, rules: Partial<LineIndex>) =>
      (await searcher.find(store, parseQuery(text), lineIndex(rules))).length === 1;
    for (const [word, key] of [
      ['t', '__topic__'],
      ['s', '__source__'],
      ['g', '__tag__:n'],
      ['n', '__tag__:n'],
      ['v', 'f'],
    ] as const) {
      expect(await found(word, { include_keys: [key] }), `${word} in ${key}`).toBe(true);
      expect(await found(word, { include_keys: ['other', '__tag__:m'] }), `${word} elsewhere`).toBe(false);
      expect(await found(word, { exclude_keys: [key] }), `${word} without ${key}`).toBe(false);
      expect(await found(word, { exclude_keys: ['other', '__tag__:m'] }), `${word} without another`).toBe(true);
    }
  });
});

test('words in a value of a megabyte are found, at its end too', async () => {
  const store = await searcher.insert([
    { topic: '', source: '', tags: [], fields: [['big', `${'lorem ipsum '.repeat(90_000)}needle`]] },
    { topic: '', source: '', tags: [], fields: [['big', 'x'.repeat(1024 * 1024)]] },
  ]);
  expect(await searcher.find(store, parseQuery('needle'))).toEqual([0]);
  expect(await searcher.find(store, parseQuery('big:needle'))).toEqual([0]);
  expect(await searcher.find(store, parseQuery('not lorem'))).toEqual([1]);
  expect(await searcher.find(store, parseQuery('xxxx*'))).toEqual([1]);
});

test('a search at its limits is still answered', async () => {
  const store = await searcher.insert([{ topic: 'x', source: '', tags: [], fields: [] }]);
  expect(await searcher.find(store, parseQuery(`${'not ('.repeat(24)}x${')'.repeat(24)}`))).toEqual([0]);
  const all = (text: (i: number) => string) => parseQuery(Array.from({ length: 30 }, (_, i) => text(i)).join(' or '));
  expect(
    await searcher.find(
      store,
      all((i) => `f${i}:v${i}`),
    ),
  ).toEqual([]);
  expect(
    await searcher.find(
      store,
      all((i) => `w${i}*${'?*'.repeat(30)}`),
    ),
  ).toEqual([]);
  expect(
    await searcher.find(
      store,
      all((i) => `${'a.'.repeat(20)}f${i} > 1`),
    ),
  ).toEqual([]);
  expect(await searcher.find(store, parseQuery(`#"${'x '.repeat(100)}"`))).toEqual([]);
  expect(await searcher.find(store, parseQuery(`f:${'x'.repeat(16_000)}`))).toEqual([]);
});

test(
  'random searches over random logs under random indexes select what a plain loop selects',
  async () => {
    const columns = ['path', 'status', '7', 'a', 'source', 'info', '__proto__'];
    await engine.store.adaptLayout(columns, AbortSignal.timeout(20_000));
    const hotTable = await engine.store.table(AbortSignal.timeout(20_000));
    await fc.assert(
      fc.asyncProperty(
        anyWorld(QUERIES_PER_RUN),
        fc.boolean(),
        fc.constantFrom('map', 'columns from the map', 'columns'),
        async ({ logs, searches }, merged, layout) => {
          const store = await searcher.insert(logs, layout === 'columns' ? columns : []);
          const table = layout === 'map' ? MAP_TABLE : hotTable;
          // A merge sorts the keys of maps into buckets.
          if (merged) await engine.run('OPTIMIZE TABLE logs FINAL');
          const asked = searches.map(async ([query, index]) => {
            const wanted = orRefused(() => logs.flatMap((log, i) => (matches(query, log, index) ? [i] : [])));
            const got = await searcher.find(store, query, index, table).catch(refusal);
            expect(got, `${printQuery(query)}   ${JSON.stringify(index)}`).toEqual(wanted);
          });
          await Promise.all(asked);
        },
      ),
      { numRuns: RUNS / QUERIES_PER_RUN, endOnFailure: true },
    );
  },
  TIME_MS_MAX,
);

function orRefused<T>(run: () => T): T | 'refused' {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) return 'refused';
    throw error;
  }
}

function refusal(error: unknown): 'refused' {
  if (error instanceof QueryRefused) return 'refused';
  throw error;
}
