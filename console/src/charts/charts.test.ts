// Goal: an answer of SQL is shown by the chart that tells most, and every value lands where it belongs.
import { describe, expect, test } from 'vitest';
import type { RowsAnswer } from '../../../src/api/query.js';
import { chartsFor, chooseChart } from './choose-chart.js';
import { tableOf, timeOf } from './data-table.js';
import { partsOf, seriesOf } from './series.js';

function answer(
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly (readonly string[])[],
): RowsAnswer {
  const meta = {
    progress: 'Complete',
    scannedRows: 0,
    scannedBytes: 0,
    elapsedMs: 0,
    count: rows.length,
    limit: 100,
  } as const;
  return { meta: { ...meta, columns: columns.map(([name, type]) => ({ name, type })) }, rows };
}

const COUNT = answer([['n', 'bigint']], [['42']]);
const BY_EVENT = answer(
  [
    ['event', 'varchar'],
    ['n', 'bigint'],
  ],
  [
    ['view', '10'],
    ['buy', '2'],
  ],
);
const OVER_TIME = answer(
  [
    ['t', 'varchar'],
    ['pv', 'bigint'],
    ['uv', 'bigint'],
  ],
  [
    ['2026-11-22 10:01:00', '5', '3'],
    ['2026-11-22 10:00:00', '4', 'null'],
  ],
);
const BY_LEVEL = answer(
  [
    ['t', 'timestamp'],
    ['level', 'varchar'],
    ['n', 'bigint'],
  ],
  [
    ['2026-11-22 10:00:00.000', 'info', '1'],
    ['2026-11-22 10:00:00.000', 'error', '9'],
    ['2026-11-22 10:01:00.000', 'info', '2'],
  ],
);

describe('the chart', () => {
  test.each([
    ['a number', COUNT, ['number', 'table']],
    ['values by name', BY_EVENT, ['bar', 'pie', 'table']],
    ['values over time', OVER_TIME, ['line', 'bar', 'table']],
    ['series over time', BY_LEVEL, ['line', 'bar', 'pie', 'table']],
    ['text', answer([['path', 'varchar']], [['/a'], ['/b']]), ['table']],
    ['nothing', answer([['n', 'bigint']], []), ['table']],
  ])('for %s', (_what, rows, kinds) => {
    expect(chartsFor(tableOf(rows))).toEqual(kinds);
  });

  test('is the one that was chosen, if it can be', () => {
    expect(chooseChart(tableOf(BY_EVENT), 'pie')).toBe('pie');
    expect(chooseChart(tableOf(BY_EVENT), 'line')).toBe('bar');
  });
});

test('lines are in the order of time, and nothing counts as none', () => {
  const at = (clock: string) => Date.parse(`2026-11-22T${clock}Z`);
  expect(seriesOf(tableOf(OVER_TIME))).toEqual([
    {
      name: 'pv',
      points: [
        { ms: at('10:00:00'), value: 4 },
        { ms: at('10:01:00'), value: 5 },
      ],
    },
    {
      name: 'uv',
      points: [
        { ms: at('10:00:00'), value: 0 },
        { ms: at('10:01:00'), value: 3 },
      ],
    },
  ]);
  expect(seriesOf(tableOf(BY_LEVEL)).map(({ name, points }) => [name, points.length])).toEqual([
    ['error', 1],
    ['info', 2],
  ]);
});

test('bars have their names', () => {
  expect(partsOf(tableOf(BY_EVENT))).toEqual([
    { name: 'view', value: 10 },
    { name: 'buy', value: 2 },
  ]);
});

test.each([
  ['1795046385', 1_795_046_385_000],
  ['2026-11-22', Date.UTC(2026, 10, 22)],
  ['2026-11-22 10:05', Date.UTC(2026, 10, 22, 10, 5)],
  ['2026-11-22 10:05:30.250', Date.UTC(2026, 10, 22, 10, 5, 30, 250)],
])('%s is a time', (text, ms) => {
  expect(timeOf(text)).toBe(ms);
});
