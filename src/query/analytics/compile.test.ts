// Goal: SQL over logs means what Presto and SLS say it means, whatever the engine beneath would make of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';
import type { IndexConfig } from '../../model/index-config.js';
import { logTable } from '../../store/log-table.js';

let engine: Engine;
const T = 1_610_420_640; // 2021-01-12 03:04:00 UTC

const INDEX: IndexConfig = {
  keys: {
    method: { type: 'text' },
    status: { type: 'long', alias: 'code' },
    seconds: { type: 'double' },
    info: { type: 'json', json_keys: { 'user.id': { type: 'long' }, plan: { type: 'text' } } },
    hidden: { type: 'text', doc_value: false },
  },
};

beforeAll(async () => {
  engine = await startEngine();
  const log = (seq: number, seconds: number, fields: Record<string, string>, logstore = 1) => ({
    logstore,
    seq,
    timeMs: (T + seconds) * 1000,
    topic: 'web',
    source: '192.0.2.1',
    tags: [['app', 'shop']] as const,
    fields: Object.entries(fields),
  });
  await engine.insert([
    log(1, 0, { method: 'GET', status: '200', seconds: '0.5', info: '{"user":{"id":7},"plan":"free"}' }),
    log(2, 30, { method: 'GET', status: '404', seconds: '1.5', info: '{"user":{"id":8},"plan":null}' }),
    log(3, 60, { method: 'POST', status: '200', seconds: '2' }),
    log(4, 90, { method: 'PUT', status: 'none', seconds: '' }),
    log(5, 90, { method: 'SECRET', status: '1' }, 2),
  ]);
});
afterAll(() => engine.close());

const rows = async (sql: string, index: IndexConfig | null = INDEX) =>
  (await analyse(engine, `* | ${sql}`, { logstore: 1, index })).rows.map((row) => row.join(' '));

describe('columns', () => {
  test.each<[string, string[]]>([
    ['SELECT method, status FROM log ORDER BY __time__', ['GET 200', 'GET 404', 'POST 200', 'PUT null']],
    ['SELECT __time__, __topic__, __source__, "__tag__:app", "__tag__:none" LIMIT 1', [`${T} web 192.0.2.1 shop null`]],
    ['SELECT sum(seconds), sum(status) FROM log', ['4.0 804']],
    ['SELECT "info.user.id" + 1, "info.plan" FROM log ORDER BY 1', ['8 free', '9 null', 'null null', 'null null']],
    ['SELECT code FROM log ORDER BY code DESC LIMIT 1', ['404']],
    ['SELECT l.method FROM log l WHERE l.status = 404', ['GET']],
    ['SELECT web.method FROM web WHERE web.status = 404', ['GET']],
    ['SELECT METHOD FROM LOG LIMIT 1', ['GET']],
    ['SELECT * FROM log LIMIT 1', [`${T} web 192.0.2.1 GET 200 0.5 {"user":{"id":7},"plan":"free"} 7 free`]],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });

  test('without an index every field is text, and a number where one is wanted', async () => {
    expect(await rows('SELECT status + 1, status = 200, method FROM log WHERE status > 300', null)).toEqual([
      '405.0 false GET',
    ]);
    expect(await rows('SELECT sum(status), max(nothing) FROM log', null)).toEqual(['804.0 null']);
  });

  test('have names: the alias, the column, or a number', async () => {
    const { names, types } = await analyse(engine, '* | SELECT count(*), method AS m, method, 1.5 GROUP BY method', {
      logstore: 1,
      index: INDEX,
    });
    expect(names).toEqual(['_col0', 'm', 'method', '_col3']);
    expect(types).toEqual(['bigint', 'varchar', 'varchar', 'double']);
  });

  test('have a number for a name where an earlier column has it already: rows are objects to most clients', async () => {
    const { names } = await analyse(
      engine,
      '* | SELECT a.method, b.method, a.status AS "__proto__", 1 AS method FROM log a JOIN log b ON a.method = b.method',
      { logstore: 1, index: INDEX },
    );
    expect(names).toEqual(['method', '_col1', '__proto__', '_col3']);
  });
});

describe('values', () => {
  test.each<[string, string]>([
    ['1 / 2', '0'],
    ['-7 / 2', '-3'],
    ['-7 % 3', '-1'],
    ['1 / 2.0', '0.5'],
    ['1 / 0', 'null'],
    ['1 % 0', 'null'],
    // Found by random expressions.
    ['(0 / coalesce(2, status)) / 0', 'null'],
    ['-5 % (CASE WHEN NOT NULL THEN status ELSE 2 / 7 END)', 'null'],
    ['1.0 / 0', 'Infinity'],
    ['9007199254740993', '9007199254740993'],
    ['2 - 5', '-3'],
    ['1e3', '1000.0'],
    ['NULL', 'null'],
    ['NULL = NULL', 'null'],
    ['NULL IS NULL', 'true'],
    ["'it''s'", "it's"],
    ["'a' || 'b'", 'ab'],
    ["1 BETWEEN 1 AND 2 AND NOT 'a' IN ('b', 'c')", 'true'],
    ['1 IN (2, NULL)', 'null'],
    ['1 NOT IN (2, NULL)', 'null'],
    ['2 IN (2, NULL)', 'true'],
    ['NULL IN (1, 2)', 'null'],
    ["nullif('a', 'a') IN ('a', 'b')", 'null'],
    ["1 IN ('1', 2.5)", 'true'],
    ["'100%' LIKE '100!%' ESCAPE '!'", 'true'],
    ["'1000' LIKE '100!%' ESCAPE '!'", 'false'],
    ["'a\\b' LIKE 'a\\b'", 'true'],
    ["'abc' LIKE 'a_c'", 'true'],
    ["CASE WHEN 1 > 2 THEN 'a' END", 'null'],
    ["CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END", 'b'],
    ["CAST('12' AS bigint) + 1", '13'],
    ["TRY_CAST('x' AS bigint)", 'null'],
    ['CAST(1.5 AS bigint)', '2'],
    // A half goes away from zero, not to the even neighbour.
    ['CAST(2.5 AS bigint)', '3'],
    ['CAST(-2.5 AS bigint)', '-3'],
    ['round(0.125, 2)', '0.13'],
    ['round(-25.0, -1)', '-30.0'],
    ['round(1e300, 300)', '1e300'],
    ['round(CAST(NULL AS double), 2)', 'null'],
    ["CAST(1 AS varchar) || 'x'", '1x'],
    ["CAST('2021-01-12' AS date)", '2021-01-12'],
    ["timestamp '2021-01-12 03:04:00' + INTERVAL '1' MONTH", '2021-02-12 03:04:00.000'],
    ["timestamp '2021-01-12 03:04:00' - timestamp '2021-01-11 00:00:00'", '1 03:04:00.000'],
    ['ARRAY[1, 2, 3][2]', '2'],
    ["ARRAY['a', NULL]", '["a",null]'],
    ['ARRAY[1, 2][5]', 'null'],
    ["date_format(date_trunc('minute', __time__), '%H:%i')", '03:04'],
    ['__time__ - __time__ % 60', `${T}`],
    ["date_trunc('hour', from_unixtime(__time__))", '2021-01-12 03:00:00.000'],
    ['EXTRACT(hour FROM from_unixtime(__time__))', '3'],
    ["POSITION('b' IN 'abc')", '2'],
    ['(SELECT count(*) FROM log)', '4'],
    ['EXISTS (SELECT 1 FROM log WHERE status = 999)', 'false'],
  ])('%s is %s', async (expression, expected) => {
    expect(await rows(`SELECT ${expression} FROM log ORDER BY __time__ LIMIT 1`)).toEqual([expected]);
  });
});

describe('grouping', () => {
  test.each<[string, string[]]>([
    ['SELECT method, count(*) AS c FROM log GROUP BY method ORDER BY c DESC, method', ['GET 2', 'POST 1', 'PUT 1']],
    ['SELECT lower(method) AS m, count(*) GROUP BY m HAVING count(*) > 1', ['get 2']],
    ['SELECT lower(method), count(*) AS c GROUP BY 1 HAVING c > 1 ORDER BY 2', ['get 2']],
    ['SELECT lower(method) AS method, count(*) GROUP BY method ORDER BY 1 LIMIT 1', ['get 2']],
    ['SELECT max(status) AS status FROM log GROUP BY method HAVING max(status) > 300', ['404']],
    ['SELECT count(*), sum(status), avg(seconds), max(method) FROM log WHERE status = 999', ['0 null null null']],
    ['SELECT approx_distinct(method), approx_distinct(__time__) FROM log WHERE status = 999', ['0 0']],
    ['SELECT count(DISTINCT status), count(status), count(*) FROM log', ['2 3 4']],
    ['SELECT count(*) FILTER (WHERE status = 200) FROM log', ['2']],
    ['SELECT DISTINCT status FROM log ORDER BY status DESC', ['404', '200', 'null']],
    ['SELECT status FROM log ORDER BY status ASC NULLS FIRST LIMIT 1', ['null']],
    ['SELECT upper(method) FROM log GROUP BY method ORDER BY max(__time__) DESC LIMIT 1', ['PUT']],
    ['SELECT count(*) FROM log HAVING count(*) > 10', []],
    [
      'SELECT method, count(*) AS c FROM log GROUP BY method ORDER BY -c, lower(method) DESC LIMIT 2',
      ['GET 2', 'PUT 1'],
    ],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });
});

describe('sub-queries, joins and unions', () => {
  test.each<[string, string[]]>([
    ['SELECT avg(c) FROM (SELECT count(*) AS c FROM log GROUP BY method)', ['1.3333333333333333']],
    ['WITH t AS (SELECT method AS m FROM log) SELECT count(*) FROM t a JOIN t b ON a.m = b.m', ['6']],
    [
      'SELECT a.method, b.c FROM (SELECT DISTINCT method FROM log) a LEFT JOIN (SELECT method, count(*) AS c FROM log WHERE status = 200 GROUP BY method) b ON a.method = b.method ORDER BY 1',
      ['GET 1', 'POST 1', 'PUT null'],
    ],
    [
      'SELECT 1 AS x FROM (SELECT count(*) FROM log) UNION ALL SELECT 2.5 FROM (SELECT count(*) FROM log) ORDER BY x',
      ['1.0', '2.5'],
    ],
    ['SELECT method FROM log UNION SELECT method FROM log ORDER BY method LIMIT 2', ['GET', 'POST']],
    ['SELECT method FROM log WHERE status IN (SELECT max(status) FROM log)', ['GET']],
    [
      "SELECT method, part FROM log, UNNEST(split(method, 'E')) AS t (part) WHERE method = 'GET' LIMIT 2",
      ['GET G', 'GET T'],
    ],
    [
      'SELECT k, v FROM UNNEST(map_agg_source) AS t (k, v)'.replace('map_agg_source', "split_to_map('a=1', '&', '=')"),
      ['a 1'],
    ],
    ["SELECT v, n FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t (v, n)", ['a 1', 'b 2']],
    [
      'SELECT method, row_number() OVER (PARTITION BY method ORDER BY __time__) AS n FROM log ORDER BY __time__',
      ['GET 1', 'GET 2', 'POST 1', 'PUT 1'],
    ],
    ['SELECT method, sum(count(*)) OVER () FROM log GROUP BY method ORDER BY 1', ['GET 4', 'POST 4', 'PUT 4']],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });
});

test('a field in a column of its own gives the same', async () => {
  await engine.run(
    "ALTER TABLE logs ADD COLUMN f_method LowCardinality(Nullable(String)) DEFAULT if(mapContainsKey(fields, 'method'), fields['method'], NULL)",
  );
  const sql = `* | SELECT method, count(*), array_agg(method), histogram(method), map_agg(method, status), max(method),
    min_by(method, status), count(DISTINCT method), split(method, 'E'), regexp_extract(method, '[A-Z]'), method || 'x',
    coalesce(method, 'y'), method IN ('GET'), lag(method) OVER (ORDER BY method) FROM log GROUP BY method ORDER BY method`;
  const asked = { logstore: 1, index: INDEX };
  const { rows: others } = await analyse(engine, sql, asked);
  expect((await analyse(engine, sql, { ...asked, table: logTable(['method']) })).rows).toEqual(others);
  expect(others).toHaveLength(3);
});
