/**
 * `time_series(column, window, format, padding)`: a column of GROUP BY whose rows are all windows of the range of time, those
 * without a log included. Windows begin at multiples of their length since 1970. Grouped and sorted by is where a window
 * begins, in Unix seconds; what is shown is that time in the format.
 */
import type { Call } from './ast.js';
import { coerce, secondsSql } from './cast.js';
import type { Env } from './env.js';
import { translate } from './expression.js';
import { formatSql } from './functions/date-format.js';
import type { Translation, Typed } from './translation.js';
import { implicitCost, isNumeric } from './types.js';

const WINDOW_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const PADDINGS = ['0', 'null', 'last', 'next', 'avg'] as const;
type Padding = (typeof PADDINGS)[number];

/** Windows of one query; more are no picture. */
const WINDOWS_MAX = 11_000;

export interface TimeSeries {
  readonly seconds: number;
  readonly padding: Padding;
  /** What is shown, given the SQL of where a window begins. */
  readonly shown: (start: string) => Typed;
}

/** The key to group by, and what goes with it. Throws AnalyticsError. */
export function timeSeriesKey(call: Call, env: Env): { readonly key: Typed; readonly series: TimeSeries } {
  const { translation } = env;
  const [column, window, format, padding] = call.arguments;
  if (column === undefined || window === undefined || format === undefined || padding === undefined) {
    throw translation.error(call.at, 'time_series needs four arguments: column, window, format, padding');
  }
  const texts = [window, format, padding].map((node) => {
    const { constant } = translate(node, env);
    if (typeof constant !== 'string') throw translation.error(node.at, 'a text in single quotes is expected');
    return constant;
  });
  const [windowText = '', formatText = '', paddingText = ''] = texts;
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(windowText) ?? [];
  const seconds = Number(count) * (WINDOW_SECONDS[unit] ?? 0);
  if (seconds === 0) throw translation.error(window.at, `a window is expected, such as 30s, 5m, 2h or 1d`);
  const found = PADDINGS.find((name) => name === paddingText.toLowerCase());
  if (found === undefined) throw translation.error(padding.at, `a padding is expected: ${PADDINGS.join(', ')}`);
  const shown = (start: string): Typed => {
    const sql = formatSql(secondsSql(start, translation.zone), formatText, translation.bind);
    if (sql === null) throw translation.error(format.at, `Date format not supported: ${formatText}`);
    return { sql, type: 'varchar' };
  };
  const at = secondsOf(translate(column, env), column.at, translation);
  // Rounding down, also before 1970.
  const key: Typed = { sql: `(${at} - positiveModulo(${at}, ${seconds}))`, type: 'bigint' };
  return { key, series: { seconds, padding: found, shown } };
}

function secondsOf(time: Typed, at: number, translation: Translation): string {
  if (time.type === 'bigint' || implicitCost(time.type, 'timestamp') === null) {
    if (implicitCost(time.type, 'bigint') === null) throw translation.error(at, 'a time is expected');
    return coerce(time, 'bigint', translation).sql;
  }
  return `intDiv(toUnixTimestamp64Milli(${coerce(time, 'timestamp', translation).sql}), 1000)`;
}

export interface Padded {
  readonly series: TimeSeries;
  /** The column that says where a window begins. */
  readonly key: string;
  /** All other columns of the rows. */
  readonly columns: readonly Typed[];
  /** Unix seconds; `to` is not part of the range. */
  readonly from: number;
  readonly to: number;
}

/** `rows`, an operand of FROM, with a row for every window that it lacks. Throws AnalyticsError. */
export function padSql(rows: string, padded: Padded, at: number, translation: Translation): string {
  const { series, key, columns, from, to } = padded;
  const first = Math.floor(from / series.seconds) * series.seconds;
  const count = Math.max(0, Math.ceil((to - first) / series.seconds));
  if (count > WINDOWS_MAX) {
    throw translation.error(
      at,
      `time_series would have ${count} windows, ${WINDOWS_MAX} are possible: take longer ones`,
    );
  }
  const start = translation.name('w');
  const isThere = translation.name('h');
  const windows = `SELECT toInt64(${first}) + number * ${series.seconds} AS ${start} FROM numbers(${count})`;
  const marked = columns.map(({ sql, type }) => `${typeof type === 'string' ? `toNullable(${sql})` : sql} AS ${sql}_`);
  const there = `SELECT ${[`${key} AS ${key}_`, ...marked, `1 AS ${isThere}`].join(', ')} FROM ${rows}`;
  const list = columns.map((column) => `${paddingSql(column, series.padding, start, isThere)} AS ${column.sql}`);
  return `(SELECT ${[`${start} AS ${key}`, ...list].join(', ')} FROM (${windows}) AS ${translation.name('t')} LEFT JOIN (${there}) AS ${translation.name('t')} ON ${start} = ${key}_) AS ${translation.name('t')}`;
}

/** The value that is there, or what stands for it. */
function paddingSql({ sql, type }: Typed, padding: Padding, start: string, isThere: string): string {
  const value = `${sql}_`;
  if (typeof type !== 'string') return value;
  const last = `anyLast(${value}) OVER (ORDER BY ${start} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const next = `any(${value}) OVER (ORDER BY ${start} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)`;
  const padded = (): string => {
    switch (padding) {
      case '0':
        return isNumeric(type) ? (type === 'bigint' ? 'toInt64(0)' : 'toFloat64(0)') : 'NULL';
      case 'null':
        return 'NULL';
      case 'last':
        return last;
      case 'next':
        return next;
      case 'avg': {
        if (!isNumeric(type)) return 'NULL';
        const middle = `(${last} + ${next}) / 2`;
        return type === 'bigint' ? `accurateCastOrNull(round(${middle}), 'Int64')` : middle;
      }
    }
  };
  return `if(${isThere} = 1, ${value}, ${padded()})`;
}
