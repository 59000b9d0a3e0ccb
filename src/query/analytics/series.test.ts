// Goal: curves have no holes, comparisons fall on what they compare with, and both follow the time zone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';

const NOON = Date.UTC(2024, 4, 1, 12) / 1000;
let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  const log = (seq: number, minutes: number, ms: string, page: string) => ({
    logstore: 1,
    seq,
    timeMs: (NOON + minutes * 60) * 1000,
    fields: Object.entries({ ms, page }),
  });
  await engine.insert([
    log(1, 1, '10', '/a'),
    log(2, 2, '30', '/b'),
    log(3, 16, '50', '/a'),
    log(4, 31, '90', '/b'),
    log(5, 61, '70', '/a'),
    log(6, 62, '70', '/a'),
    log(7, 62, '70', '/b'),
  ]);
});
afterAll(() => engine.close());

const ask = async (sql: string, asked: { from?: number; to?: number; timeZone?: string } = {}) => {
  const range = { from: NOON, to: NOON + 3600, ...asked };
  return (await analyse(engine, `* | ${sql}`, { logstore: 1, ...range })).rows.map((row) => row.join(' '));
};

describe('time_series', () => {
  test.each<[string, string[]]>([
    ['0', ['12:00 2 20.0', '12:10 1 50.0', '12:20 0 0.0', '12:30 1 90.0', '12:40 0 0.0', '12:50 0 0.0']],
    ['null', ['12:00 2 20.0', '12:10 1 50.0', '12:20 null null', '12:30 1 90.0', '12:40 null null', '12:50 null null']],
    ['last', ['12:00 2 20.0', '12:10 1 50.0', '12:20 1 50.0', '12:30 1 90.0', '12:40 1 90.0', '12:50 1 90.0']],
    ['next', ['12:00 2 20.0', '12:10 1 50.0', '12:20 1 90.0', '12:30 1 90.0', '12:40 null null', '12:50 null null']],
    ['avg', ['12:00 2 20.0', '12:10 1 50.0', '12:20 1 70.0', '12:30 1 90.0', '12:40 null null', '12:50 null null']],
  ])('pads with %s', async (padding, expected) => {
    const series = `time_series(__time__, '10m', '%H:%i', '${padding}')`;
    expect(await ask(`SELECT ${series} AS t, count(*), avg(ms) GROUP BY t ORDER BY t`)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    [
      "SELECT time_series(__time__, '30m', '%H:%i', '0') AS t, count(*) AS c GROUP BY time_series(__time__, '30m', '%H:%i', '0')",
      ['12:00 3', '12:30 1'],
    ],
    [
      "SELECT time_series(from_unixtime(__time__), '30m', '%H:%i', '0') AS t, count(*) AS c GROUP BY t ORDER BY t DESC",
      ['12:30 1', '12:00 3'],
    ],
    [
      "SELECT time_series(__time__, '30m', '%H:%i', '0') AS t, page, count(*) AS c GROUP BY t, page ORDER BY t, page",
      ['12:00 /a 2', '12:00 /b 1', '12:30 /b 1'],
    ],
    [
      "SELECT c, t FROM (SELECT time_series(__time__, '20m', '%H:%i', 'null') AS t, count(*) AS c GROUP BY t) WHERE c IS NULL",
      ['null 12:40'],
    ],
    ["SELECT time_series(__time__, '20m', '%H:%i', '0') AS t, count(*) AS c GROUP BY t HAVING c > 1", ['12:00 3']],
  ])('%s', async (sql, expected) => {
    expect(await ask(sql)).toEqual(expected);
  });

  test('an hour that begins within a window has it whole', async () => {
    const sql = "SELECT time_series(__time__, '1h', '%H:%i', '0') AS t, count(*) GROUP BY t";
    expect(await ask(sql, { from: NOON + 1800, to: NOON + 5400 })).toEqual(['12:00 1', '13:00 3']);
  });
});

describe('compare', () => {
  const range = { from: NOON + 3600, to: NOON + 7200 };
  test.each<[string, string[]]>([
    ['SELECT compare(c, 3600) FROM (SELECT count(*) AS c FROM log)', [`[3.0,4.0,0.75,${NOON}.0]`]],
    ['SELECT compare(c, 3600, 7200)[3] FROM (SELECT count(*) AS c FROM log)', ['0.0']],
    [
      'SELECT page, d[1], d[2] FROM (SELECT page, compare(c, 3600) AS d FROM (SELECT page, count(*) AS c FROM log GROUP BY page) GROUP BY page) ORDER BY page',
      ['/a 2.0 2.0', '/b 1.0 2.0'],
    ],
    [
      "SELECT t, ts_compare(c, 3600) AS d FROM (SELECT date_trunc('hour', __time__) AS t, count(*) AS c FROM log GROUP BY t) GROUP BY t",
      [`2024-05-01 13:00:00.000 [3.0,4.0,0.75,${NOON}.0]`],
    ],
    ['WITH x AS (SELECT count(*) AS c FROM log) SELECT compare(c, 3600)[2] FROM x', ['4.0']],
    ['SELECT x.c FROM (SELECT compare(n, 86400)[2] AS c FROM (SELECT sum(ms) AS n FROM log)) AS x', ['null']],
  ])('%s', async (sql, expected) => {
    expect(await ask(sql, range)).toEqual(expected);
  });
});

test('days, hours and printed times are those of the time zone', async () => {
  const timeZone = 'Asia/Shanghai';
  const sql = `SELECT DISTINCT date_trunc('day', __time__), date_format(__time__, '%H'), hour(__time__), date(__time__),
    timestamp '2024-05-01 08:00:00', to_unixtime(date_parse('1970-01-01 08:00', '%Y-%m-%d %H:%i')) FROM log LIMIT 1`;
  expect(await ask(sql, { timeZone })).toEqual([
    '2024-05-01 00:00:00.000 20 20 2024-05-01 2024-05-01 08:00:00.000 0.0',
  ]);
});
