/** Functions that need OVER; the aggregates can have it as well. */
import type { FunctionRow } from './row.js';

const ORDERED = 'OVER (ORDER BY x)';

export const WINDOWS: readonly FunctionRow[] = [
  ...(
    [
      ['row_number', 'The number of the row', '1'],
      ['rank', 'The same for equal rows, leaving numbers out behind them', '1'],
      ['dense_rank', 'The same for equal rows, leaving no number out', '1'],
    ] as const
  ).map(
    ([name, doc, result]): FunctionRow => ({
      form: `${name}(): bigint`,
      doc,
      example: [`${name}() ${ORDERED}`, result],
      kind: 'window',
      sql: (apply) => `toInt64(${apply(name, [])})`,
    }),
  ),
  {
    form: 'percent_rank(): double',
    doc: 'The rank as a share from 0 to 1',
    example: [`percent_rank() ${ORDERED}`, '0.0'],
    kind: 'window',
    sql: (apply) => apply('percent_rank', []),
  },
  {
    form: 'cume_dist(): double',
    doc: 'The share of rows up to this one',
    example: [`cume_dist() ${ORDERED}`, '0.25'],
    kind: 'window',
    sql: (apply) => apply('cume_dist', []),
  },
  {
    form: 'ntile(constant bigint 1..1000000): bigint',
    doc: 'Which of so many equal parts it is in',
    example: [`ntile(2) ${ORDERED}`, '1'],
    kind: 'window',
    sql: (apply, parts) => `toInt64(${apply('ntile', [parts])})`,
  },
  {
    form: 'lag(T): T',
    doc: 'The value of the row before',
    example: [`lag(x) ${ORDERED}`, 'null'],
    kind: 'window',
    sql: (apply, x) => apply('lag', [`toNullable(${x})`]),
  },
  {
    form: 'lag(T, constant bigint 0..1000000): T',
    doc: 'The value so many rows before',
    example: [`lag(x, 0) ${ORDERED}`, '1'],
    kind: 'window',
    sql: (apply, x, rows) => apply('lag', [`toNullable(${x})`, rows]),
  },
  {
    form: 'lead(T): T',
    doc: 'The value of the row behind',
    example: [`lead(x) ${ORDERED}`, '2'],
    kind: 'window',
    sql: (apply, x) => apply('lead', [`toNullable(${x})`]),
  },
  {
    form: 'lead(T, constant bigint 0..1000000): T',
    doc: 'The value so many rows behind',
    example: [`lead(x, 2) ${ORDERED}`, '3'],
    kind: 'window',
    sql: (apply, x, rows) => apply('lead', [`toNullable(${x})`, rows]),
  },
  {
    form: 'first_value(T): T',
    doc: 'The first value',
    example: [`first_value(x) ${ORDERED}`, '1'],
    kind: 'window',
    sql: (apply, x) => apply('first_value_respect_nulls', [x]),
  },
  {
    form: 'last_value(T): T',
    doc: 'The last value: up to this row, unless the frame says more',
    example: [`last_value(x) ${ORDERED}`, '1'],
    kind: 'window',
    sql: (apply, x) => apply('last_value_respect_nulls', [x]),
  },
  {
    form: 'nth_value(T, constant bigint 1..1000000): T',
    doc: 'The value of the n-th row',
    example: [`nth_value(x, 1) ${ORDERED}`, '1'],
    kind: 'window',
    sql: (apply, x, n) => apply('nth_value', [`toNullable(${x})`, n]),
  },
];
