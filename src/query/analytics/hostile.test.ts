// Goal: whatever stands behind the bar, it is refused with a place or answered from the logs of the logstore, and nothing of
// it gets into the SQL.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';
import { ApiError } from '../../errors.js';
import { MAP_TABLE } from '../../store/log-table.js';
import { nanosecondsOf } from '../selection.js';
import { explainTrouble } from '../trouble.js';
import { AnalyticsError } from './analytics-error.js';
import { compileAnalytics } from './compile.js';
import { DISTANCE_LENGTH_MAX } from './functions/string.js';
import { FUNCTIONS } from './functions/table.js';
import { DEPTH_MAX, TOKENS_MAX } from './token-stream.js';

const compile = (text: string) =>
  compileAnalytics({
    text,
    at: 0,
    selection: { logstoreId: 1, index: null, query: { kind: 'all' }, fromNs: 0n, toNs: nanosecondsOf(4_000_000_000) },
    logstoreName: 'web',
    table: MAP_TABLE,
    timeZone: 'UTC',
  });

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  const log = { timeMs: 1_700_000_000_000, fields: [['a', 'mine']] as const };
  await engine.insert([
    { ...log, logstore: 1, seq: 1 },
    { ...log, logstore: 2, seq: 1, fields: [['a', 'theirs']] },
  ]);
});
afterAll(() => engine.close());

describe('what names something else is refused', () => {
  test.each([
    'SELECT * FROM system.tables',
    'SELECT * FROM "system.tables"',
    'SELECT name FROM system . tables',
    'SELECT * FROM logs',
    'SELECT * FROM logboom.logs',
    'SELECT * FROM other',
    'SELECT * FROM "log" , other',
    "SELECT * FROM file('/etc/passwd')",
    "SELECT * FROM url('http://127.0.0.1/', CSV)",
    'SELECT * FROM numbers(10)',
    "SELECT * FROM remote('127.0.0.1', system.one)",
    'SELECT * FROM (SHOW TABLES)',
    'SELECT a FROM log JOIN system.tables ON 1 = 1',
    'SELECT a FROM log WHERE a IN (SELECT name FROM system.tables)',
    "SELECT file('/etc/passwd')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT getSetting('max_threads')",
    'SELECT currentUser()',
    'SELECT version()',
    'SELECT hostName()',
    'SELECT sleep(3)',
    'SELECT throwIf(1)',
    "SELECT getMacro('x')",
    "SELECT joinGet('j', 'a', 1)",
    'SELECT constructor()',
    'SELECT __proto__()',
    'SELECT toString(1)',
    'SELECT sumIf(a, 1)',
    'SELECT toInt64(1)',
    'SELECT 1 SETTINGS max_threads = 1',
    'SELECT a FROM log SETTINGS max_memory_usage = 0',
    'SELECT a FROM log FORMAT JSON',
    "SELECT a FROM log INTO OUTFILE '/tmp/x'",
    'SELECT a FROM log; DROP TABLE logs',
    'SELECT 1;',
    'INSERT INTO logs SELECT 1',
    'DROP TABLE logs',
    'SET max_threads = 1',
    'KILL QUERY WHERE 1',
    'SELECT 1 UNION ALL SELECT * FROM system.one',
    'WITH x AS (SELECT * FROM system.one) SELECT * FROM x',
    'WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x',
    'WITH x AS (SELECT * FROM x) SELECT * FROM x',
    'SELECT {p0:String}',
    'SELECT @@version',
    'SELECT `a` FROM log',
    'SELECT a.b.c FROM log',
    'SELECT x.y FROM log',
    'SELECT 1::String',
    'SELECT a FROM log FINAL SAMPLE 1',
    'SELECT a FROM log PREWHERE 1',
    'SELECT a FROM log LIMIT 1 BY a',
    'SELECT a FROM log ARRAY JOIN a',
    'SELECT * REPLACE (1 AS a) FROM log',
    'SELECT * EXCEPT (a) FROM log',
    'SELECT (1, 2)',
    'SELECT a FROM log LIMIT 1 OFFSET 1',
    'SELECT a FROM log LIMIT -1',
    'SELECT a FROM log LIMIT 1.5',
    'SELECT a FROM log LIMIT 9999999',
    'SELECT a FROM log LIMIT 1, 10001',
    'SELECT a FROM log LIMIT 999999, 2',
    'SELECT a FROM (SELECT a FROM log LIMIT 1, 2)',
    'SELECT a FROM log LIMIT (SELECT 1)',
    'SELECT count(*) FROM log WHERE count(*) > 1',
    'SELECT sum(sum(a)) FROM log',
    'SELECT a FROM log WHERE row_number() OVER () = 1',
    'SELECT row_number() FROM log',
    'SELECT lower(DISTINCT a) FROM log',
    "SELECT regexp_like(a, '(?=x)') FROM log",
    "SELECT regexp_like(a, '(x)\\1') FROM log",
    'SELECT regexp_like(a, a) FROM log',
    'SELECT date_format(__time__, a) FROM log',
    "SELECT date_format(__time__, '%Q') FROM log",
    "SELECT date_trunc('eon', __time__) FROM log",
    "SELECT from_unixtime(0, 'Nowhere/At all')",
    "SELECT from_unixtime(0, '+08:00')",
    "SELECT json_extract(a, '$.a[') FROM log",
    'SELECT approx_percentile(a, a) FROM log',
    "SELECT approx_percentile(a, 'x) FROM system.one') FROM log",
    'SELECT CAST(a AS AggregateFunction(sum, Int64)) FROM log',
    'SELECT CAST(a AS constructor) FROM log',
    "SELECT INTERVAL '1); DROP' DAY",
    "SELECT INTERVAL '1' PARSEC",
    "SELECT time_series(__time__, '1m', '%H', '0')",
    "SELECT time_series(__time__, '0s', '%H', '0') AS t, count(*) GROUP BY t",
    "SELECT time_series(__time__, '1s', '%H', '0') AS t, count(*) GROUP BY t",
    'SELECT compare(count(*), 60) FROM log',
    'SELECT compare(c, c) FROM (SELECT count(*) AS c FROM log)',
    'SELECT x -> x',
    'SELECT 99999999999999999999',
    'SELECT 1e999',
    'SELECT 1abc',
    "SELECT 'never closed",
    'SELECT "never closed',
    'SELECT /* never closed',
    "SELECT 'a\0b",
    'SELECT \0',
    'SELECT \u202e1',
    'SELECT ｓ（１）',
    '',
    'SELECT',
    'SELECT FROM log',
    'SELECT 1 1',
    'SELECT a,, b',
    `SELECT ${'('.repeat(DEPTH_MAX + 1)}1${')'.repeat(DEPTH_MAX + 1)}`,
    `SELECT ${'NOT '.repeat(5000)}true`,
    `SELECT ${'-'.repeat(60)} 1`,
    `SELECT ${'- '.repeat(60)} 1`,
    `SELECT ${'['.repeat(3000)}`,
    `SELECT ${'lower('.repeat(3000)}`,
    `SELECT ${'CASE WHEN '.repeat(500)}`,
    `SELECT ${'(SELECT '.repeat(500)}`,
    `SELECT 1${' + 1'.repeat(500)}`,
    `SELECT 1${' = 1'.repeat(500)}`,
    `SELECT a${'[1]'.repeat(500)}`,
    `SELECT 1${', 1'.repeat(TOKENS_MAX)}`,
    `SELECT '${'x'.repeat(20_000)}'`,
    `SELECT ${'codepoint('.repeat(30)}a${')'.repeat(30)}`,
    `SELECT ${'chr('.repeat(30)}1${')'.repeat(30)}`,
    `SELECT ${'CASE '.repeat(30)} 1 ${`${Array.from({ length: 20 }, (_, i) => `WHEN ${i} THEN 1`).join(' ')} END `.repeat(30)}`,
    `SELECT a AS x FROM log ORDER BY ${'if(x = 1, '.repeat(30)}1${', 2)'.repeat(30)}, ${Array.from({ length: 900 }, () => 'chr(chr(1))').join()}`,
    `SELECT 1 ${'UNION ALL SELECT 1 '.repeat(50)}`,
    `SELECT 1 FROM log ${', log '.repeat(50)}`,
    `WITH ${Array.from({ length: 12 }, (_, i) => `t${i + 1} AS (SELECT 1 FROM t${i} UNION ALL SELECT 1 FROM t${i})`)
      .join(', ')
      .replaceAll('t0', 'log')} SELECT count(*) FROM t12`,
  ])('%s', (text) => {
    expect(() => compile(text)).toThrow(AnalyticsError);
    expect(() => compile(text)).toThrow(
      /^ErrorType:\w+\.ErrorPosition,line:\d+,column:\d+\.ErrorMessage:line \d+:\d+: /,
    );
  });
});

describe('what is only text stays text', () => {
  test.each<[string, string]>([
    ["SELECT 'evil''; DROP TABLE logs; --' AS x FROM log", "evil'; DROP TABLE logs; --"],
    ["SELECT 'evil\\' AS x FROM log", 'evil\\'],
    ["SELECT '{p0:String}' FROM log", '{p0:String}'],
    ["SELECT 'a\0b' FROM log", 'a\0b'],
    ['SELECT "evil`x" FROM log', 'null'],
    ['SELECT a AS "evil"", (SELECT 1) --" FROM log', 'mine'],
    ['SELECT a AS v1, a FROM log', 'mine,mine'],
    ['SELECT "c1" FROM (SELECT a AS c1 FROM log)', 'mine'],
    ['SELECT evil.a FROM log AS evil', 'mine'],
    ['SELECT a /* evil */ FROM log -- evil', 'mine'],
    ["SELECT '*/ evil /*' FROM log", '*/ evil /*'],
    ["SELECT count(*) FROM log WHERE a = 'x' OR '1' = '1'", '1'],
    ["SELECT replace(a, 'mine', 'evil\\1$1') FROM log", 'evil\\1$1'],
    ["SELECT regexp_replace(a, 'm(i)ne', 'evil''$1\\0') FROM log", "evil'i\\0"],
    ["SELECT date_format(0, '%Y''evil') FROM log", "1970'evil"],
    ["SELECT a LIKE '%''evil' FROM log", 'false'],
    ["SELECT json_extract('{\"evil''\":1}', '$.evil''') FROM log", '1'],
    ['SELECT "__tag__:evil\'" FROM log', 'null'],
    ["SELECT map_filter(split_to_map('evil=1', '&', '='), (evil, v) -> evil = 'evil') FROM log", '{"evil":"1"}'],
    ['WITH evil AS (SELECT a FROM log) SELECT evil.a FROM evil', 'mine'],
    ["SELECT a FROM log WHERE a IN ('evil', 'mine')", 'mine'],
  ])('%s', async (text, expected) => {
    const { statement } = compile(text);
    expect(statement.sql).not.toMatch(/evil|DROP|system/i);
    expect((await analyse(engine, `|${text}`, { logstore: 1 })).rows.join()).toBe(expected);
  });
});

describe('what is large is answered all the same', () => {
  test.each([
    `SELECT count(*) FROM log WHERE ${Array.from({ length: 900 }, (_, i) => `a = 'v${i}'`).join(' OR ')}`,
    `SELECT count(*) FROM log WHERE a IN (${Array.from({ length: 1500 }, (_, i) => `'${i}'`).join()})`,
    `SELECT '${'支'.repeat(5000)}' FROM log`,
    `SELECT ${"'a' || ".repeat(50)}'a' FROM log`,
    `SELECT ${'1 + '.repeat(50)}1 FROM log`,
    `SELECT ${'('.repeat(DEPTH_MAX - 2)}1${')'.repeat(DEPTH_MAX - 2)} FROM log`,
    `SELECT ${'lower('.repeat(30)}a${')'.repeat(30)} FROM log`,
    `SELECT ${Array.from({ length: 500 }, (_, i) => `f${i}`).join()} FROM log`,
    `SELECT count(*) FROM ${'(SELECT a FROM '.repeat(15)}log${')'.repeat(15)}`,
    "SELECT lpad(a, 999999999, 'x'), cardinality(sequence(1, 999999999)), repeat FROM log",
    'SELECT 9223372036854775807 + 1, -9223372036854775807 - 2, 9223372036854775807 * 2 FROM log',
    "SELECT from_unixtime(1e300), date_add('year', 9223372036854775807, now()), chr(-1), chr(9999999999) FROM log",
    "SELECT substr(a, 0), substr(a, -99), substr(a, 1, -5), lpad(a, -1, 'x'), lpad(a, 5, ''), split(a, '') FROM log",
    "SELECT date_parse('x', '%Y'), date_parse(a, '%d/%b/%Y'), url_decode('%zz%'), codepoint(''), slice(split(a, ','), 0, 5) FROM log",
  ])('%#', async (text) => {
    expect((await analyse(engine, `|${text}`, { logstore: 1 })).rows).toHaveLength(1);
  });
});

describe('what only the store finds is the mistake of the one who asks', () => {
  test.each([
    "SELECT regexp_like(a, '(') FROM log",
    "SELECT regexp_like(a, 'x{99999}') FROM log",
    'SELECT (SELECT v FROM UNNEST(ARRAY[1, 2]) AS t (v)) FROM log',
    'SELECT count(*) FROM log x LEFT JOIN log y ON x.a < y.a',
    "SELECT histogram(split_to_map(a, '&', '='))",
    'SELECT sum(1) OVER (ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM log',
    'SELECT (0 - 9223372036854775807 - 1) / (0 - length(substr(a, 1, 1))) FROM log',
  ])('%s', async (text) => {
    const refusal = await analyse(engine, `|${text}`, { logstore: 1 }).catch(explainTrouble);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({ error: 'ParameterInvalid' });
  });
});

const WORDS = [
  ...[
    'SELECT',
    'FROM',
    'WHERE',
    'GROUP BY',
    'ORDER BY',
    'HAVING',
    'LIMIT',
    'log',
    'AS',
    'x',
    'UNION ALL',
    'WITH',
    'OVER',
  ],
  ...[
    '(',
    ')',
    ',',
    '*',
    '1',
    '2.5',
    "'evil'",
    '"evil"',
    'evil',
    '=',
    '<',
    '+',
    '||',
    '[',
    ']',
    'AND',
    'OR',
    'NOT',
    'IN',
  ],
  ...[
    'CASE',
    'WHEN',
    'THEN',
    'END',
    'CAST',
    'bigint',
    'NULL',
    'BETWEEN',
    'LIKE',
    'INTERVAL',
    'day',
    'JOIN',
    'ON',
    '->',
  ],
  ...[
    'a',
    '__time__',
    'DISTINCT',
    'UNNEST',
    'ARRAY',
    '.',
    '--',
    '/*',
    '*/',
    ';',
    '`',
    '{p0:String}',
    ...FUNCTIONS.keys(),
  ],
];

test('random words are refused with a place, or become SQL without a word of theirs', () => {
  const anyWords = fc.array(fc.constantFrom(...WORDS), { maxLength: 25 });
  fc.assert(
    fc.property(anyWords, (words) => {
      const text = `SELECT ${words.join(' ')}`;
      try {
        expect(compile(text).statement.sql).not.toContain('evil');
      } catch (error) {
        if (!(error instanceof AnalyticsError)) throw error;
      }
    }),
    { numRuns: 5000 },
  );
});

// The engine looks whether to stop between blocks of rows: what it does with one block must not take long.
test('the distance of long texts, whose time is the product of their lengths, is not computed', async () => {
  const distance = (length: number) =>
    `|SELECT max(levenshtein_distance(rpad('', ${length}, 'a'), rpad(CAST(x AS varchar), ${length}, 'b')))
      FROM UNNEST(sequence(1, 10000)) AS t (x)`;
  expect((await analyse(engine, distance(10_000), { logstore: 1 })).rows).toEqual([['null']]);
  expect((await analyse(engine, distance(DISTANCE_LENGTH_MAX), { logstore: 1 })).rows).toEqual([
    [String(DISTANCE_LENGTH_MAX)],
  ]);
});
