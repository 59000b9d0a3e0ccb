/** GROUP BY and aggregation: a sub-query whose columns are the keys and the aggregates that the rest of a SELECT names. */
import { type Expression, keyOf, type Order, type Select } from './ast.js';
import { aggregateCall } from './call.js';
import { compareSql } from './compare.js';
import type { Context } from './context.js';
import type { Env } from './env.js';
import { translate } from './expression.js';
import { rowsEnv } from './from.js';
import { isComparison } from './functions/special.js';
import type { Relation } from './relation.js';
import { groupedBy, type Item } from './select-list.js';
import { padSql, type TimeSeries, timeSeriesKey } from './time-series.js';
import type { Typed } from './translation.js';
import { isTime } from './types.js';

/** What SELECT, HAVING and ORDER BY are translated in, and where their rows come from. */
export interface Step {
  readonly env: Env;
  /** An operand of FROM, with the rows that meet the condition. */
  readonly sql: (where: string | null) => string;
  /** What an expression is sorted by, if that is not its value. */
  readonly sortedBy: (node: Expression) => string | null;
  /** Without an ORDER BY. */
  readonly defaultOrder: readonly Order[];
}

interface Key extends Typed {
  readonly expression: Expression;
  /** Of its expression. */
  readonly key: string;
  readonly name: string;
  /** Of a time_series. */
  readonly series: TimeSeries | null;
}

/** `period` is the column that says how many seconds back a row is from; null if nothing is compared. */
export function group(
  select: Select,
  items: readonly Item[],
  source: Relation,
  period: string | null,
  context: Context,
): Step {
  const { translation } = context;
  const rows = rowsEnv(source, context, 'GROUP BY clause');
  const keys = select.groupBy.map((node): Key => {
    const expression = groupedBy(node, items, context);
    const isSeries = expression.kind === 'call' && expression.name === 'time_series';
    const { key: typed, series } = isSeries
      ? timeSeriesKey(expression, rows)
      : { key: translate(expression, rows), series: null };
    return { ...typed, expression, key: keyOf(expression), name: translation.name('g'), series };
  });
  const aggregates = new Map<string, Typed>();
  const nested = rowsEnv(source, context, 'an aggregation');
  const shownKey = ({ series, name, type }: Key): Typed => series?.shown(name) ?? { sql: name, type };
  const env: Env = {
    ...rows,
    hasWindows: true,
    known: (node) => {
      if (keys.length === 0 || node.kind === 'literal') return null;
      const text = keyOf(node);
      const found = keys.find(({ key }) => key === text);
      return found === undefined ? null : shownKey(found);
    },
    column: (node) => {
      const { sql } = rows.column(node);
      const found = keys.find((key) => key.sql === sql);
      if (found !== undefined) return shownKey(found);
      throw translation.columnError(node.at, `Column '${node.name}' not in GROUP BY clause`);
    },
    aggregate: (call) => {
      if (period !== null && !isComparison(call.name)) {
        throw translation.error(call.at, 'beside compare there can be no other aggregation: put it into the sub-query');
      }
      const { sql, type } =
        period === null
          ? aggregateCall(call, nested, translate)
          : compareSql(call, period, timeBefore(keys, context), nested, context);
      const known = aggregates.get(sql) ?? { sql: translation.name('a'), type };
      aggregates.set(sql, known);
      return known;
    },
  };
  const series = keys.find((key) => key.series !== null);
  return {
    env,
    sql: (where) => {
      const columns = [
        ...keys.map(({ sql, name }) => `${sql} AS ${name}`),
        ...[...aggregates].map(([sql, { sql: name }]) => `${sql} AS ${name}`),
      ];
      const list = columns.length > 0 ? columns.join(', ') : `count() AS ${translation.name('a')}`;
      const by = keys.length > 0 ? ` GROUP BY ${keys.map(({ name }) => name).join(', ')}` : '';
      const filter = where === null ? '' : ` WHERE ${where}`;
      const grouped = `(SELECT ${list} FROM ${source.sql()}${filter}${by}) AS ${translation.name('t')}`;
      if (!series?.series) return grouped;
      const others = keys.filter((key) => key !== series).map(({ name, type }) => ({ sql: name, type }));
      const { fromSeconds: from, toSeconds: to } = context.logs;
      const padded = {
        series: series.series,
        key: series.name,
        columns: [...others, ...aggregates.values()],
        from,
        to,
      };
      return padSql(grouped, padded, series.expression.at, translation);
    },
    sortedBy: (node) => (series !== undefined && keyOf(node) === series.key ? series.name : null),
    defaultOrder: series === undefined ? [] : [{ expression: series.expression, descending: false, nullsFirst: false }],
  };
}

/** Unix seconds of what is compared: of the group, if it is one of a time, else the beginning of the range. */
function timeBefore(keys: readonly Key[], { logs }: Context): string {
  const time = keys.find(({ type }) => isTime(type));
  return time === undefined ? String(logs.fromSeconds) : `toUnixTimestamp(any(${time.sql}))`;
}
