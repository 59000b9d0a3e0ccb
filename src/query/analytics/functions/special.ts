/** Functions that rewrite the SELECT they stand in. */
import type { FunctionRow } from './row.js';

export const SPECIALS: readonly FunctionRow[] = [
  {
    form: 'time_series(timestamp, constant varchar, constant varchar, constant varchar): varchar',
    doc: 'In GROUP BY: all windows of the time range, those without a log padded with `0`, `null`, `last`, `next` or `avg`',
    example: [
      "SELECT time_series(__time__, '1h', '%H:%i', '0') AS t, count(*) AS c FROM log GROUP BY t ORDER BY t LIMIT 1",
      '00:00 0',
    ],
    kind: 'special',
  },
  {
    form: 'compare(double, constant bigint...): array(double)',
    doc: 'A value of a sub-query: now, so many seconds before, the ratio, and the Unix time it is compared with',
    example: ['SELECT compare(c, 3600) FROM (SELECT count(*) AS c FROM log)', '[0.0,0.0,null,-3600.0]'],
    kind: 'special',
  },
  {
    form: 'ts_compare(double, constant bigint...): array(double)',
    doc: 'The same',
    example: ['SELECT ts_compare(c, 60, 120)[2] FROM (SELECT count(*) AS c FROM log)', '0.0'],
    kind: 'special',
  },
];

/** Whether a function of this name looks at other ranges of time as well. */
export function isComparison(name: string): boolean {
  return name === 'compare' || name === 'ts_compare';
}
