/**
 * `compare(x, n…)`: a value beside what it was n seconds before.
 *
 * The sub-query it is taken from is asked once for the range of time and once for each range that lies n seconds further
 * back, where the times of logs are moved forth by n: what is to be compared falls together. The rows of all of them, each
 * marked with its n, are grouped, and `compare` picks its values from a group by the mark.
 */
import { type Call, childrenOf, type Expression, type From } from './ast.js';
import { coerce } from './cast.js';
import type { Context } from './context.js';
import type { Env, Subquery } from './env.js';
import { translate } from './expression.js';
import { isComparison } from './functions/special.js';
import { type Column, type Relation, retitled, sameName } from './relation.js';
import { numberSql, type Typed } from './translation.js';
import { arrayOf, implicitCost } from './types.js';

/** Ranges of time that one query looks back to. */
const PERIODS_MAX = 5;
const SECONDS_BACK_MAX = 10 * 366 * 86_400;

/** How far the comparisons of these expressions look back; nothing if there are none. Throws AnalyticsError. */
export function periodsOf(nodes: readonly Expression[], context: Context): readonly number[] {
  const { translation } = context;
  const calls = nodes.flatMap(comparisonsIn);
  const periods = new Set(calls.flatMap((call) => secondsOf(call, context)));
  const [first] = calls;
  if (first !== undefined && periods.size > PERIODS_MAX) {
    throw translation.error(first.at, `compare may look back ${PERIODS_MAX} times, not more`);
  }
  return [...periods];
}

function comparisonsIn(node: Expression): Call[] {
  return node.kind === 'call' && isComparison(node.name) ? [node] : childrenOf(node).flatMap(comparisonsIn);
}

function secondsOf({ at, name, arguments: [, ...given] }: Call, { translation }: Context): number[] {
  if (given.length === 0) throw translation.error(at, `${name} needs a value and how many seconds to look back`);
  return given.map((node) => {
    const value = node.kind === 'literal' && typeof node.value === 'bigint' ? Number(node.value) : 0;
    if (value < 1 || value > SECONDS_BACK_MAX)
      throw translation.error(node.at, 'a whole number of seconds is expected');
    return value;
  });
}

export interface Compared {
  readonly relation: Relation;
  /** The column that says how many seconds back a row is from. */
  readonly period: string;
}

/** The relation over all periods. Throws AnalyticsError. */
export function comparedRelation(
  from: From | null,
  periods: readonly number[],
  at: number,
  context: Context,
): Compared {
  const { translation } = context;
  const sides = [0, ...periods].map((seconds) => {
    const moved = { ...context, secondsBack: context.secondsBack + seconds };
    return { seconds, subquery: subqueryOf(from, at, moved) };
  });
  const [now] = sides;
  if (now === undefined) throw new Error('one side is always there');
  const period = translation.name('p');
  const columns = now.subquery.columns.map(({ title, type }) => ({ title, type, sql: translation.name('u') }));
  const selects = sides.map(({ seconds, subquery }) => {
    const list = columns.map(({ sql }, i) => `${subquery.columns[i]?.sql} AS ${sql}`);
    return `SELECT ${[`${numberSql(BigInt(seconds))} AS ${period}`, ...list].join(', ')} FROM (${subquery.sql})`;
  });
  const found = columns.map((column): Column => ({ ...column, use: () => column.sql, isAssumed: false }));
  const name = from !== null && from.kind === 'subquery' ? (from.alias?.name ?? null) : null;
  const isMeant = (qualifier: string | null) => qualifier === null || sameName(qualifier, name);
  const relation: Relation = {
    sql: () => `(${selects.join(' UNION ALL ')}) AS ${translation.name('t')}`,
    find: (qualifier, title) => (isMeant(qualifier) ? found.filter((column) => sameName(column.title, title)) : []),
    all: (qualifier) => (isMeant(qualifier) ? found : []),
  };
  return { relation, period };
}

function subqueryOf(from: From | null, at: number, context: Context): Subquery {
  if (from?.kind === 'subquery') return retitled(context.translate(from.query, context), from.alias?.columns ?? []);
  const table = from?.kind === 'table' ? context.tables.get(from.name.toLowerCase()) : undefined;
  if (table !== undefined) return table(context);
  throw context.translation.error(
    at,
    'compare needs a sub-query: SELECT compare(c, 3600) FROM (SELECT count(*) AS c FROM log)',
  );
}

/** `[now, before…, now / before…, Unix seconds of the time before]`. Throws AnalyticsError. */
export function compareSql(call: Call, period: string, before: string, rows: Env, context: Context): Typed {
  const { translation } = context;
  const [value] = call.arguments;
  if (value === undefined) throw translation.error(call.at, `${call.name} needs a value`);
  const typed = translate(value, rows);
  if (implicitCost(typed.type, 'double') === null) throw translation.error(value.at, 'a number is expected');
  const number = coerce(typed, 'double', translation).sql;
  const at = (seconds: number) => `maxOrNullIf(${number}, ${period} = ${seconds})`;
  const periods = secondsOf(call, context);
  const ratios = periods.map((seconds) => `${at(0)} / ${at(seconds)}`);
  const last = `toFloat64(${before}) - ${periods[0] ?? 0}`;
  return { sql: `[${[at(0), ...periods.map(at), ...ratios, last].join(', ')}]`, type: arrayOf('double') };
}
