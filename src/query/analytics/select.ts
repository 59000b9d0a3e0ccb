/**
 * One SELECT. It becomes a sub-query within another, each step naming its columns for the next:
 *
 *   SELECT [DISTINCT] v… FROM (SELECT keys AS g…, aggregates AS a… FROM source WHERE … GROUP BY g…) WHERE having ORDER BY … LIMIT …
 *
 * All names are ours and used once in a statement, so that none of the engine's rules about names can take effect.
 */
import { childrenOf, type Expression, keyOf, type Order, type Select } from './ast.js';
import { aggregateCall, orderSql } from './call.js';
import type { Context } from './context.js';
import type { Env, OutputColumn, Subquery } from './env.js';
import { condition, translate } from './expression.js';
import { rowsEnv, translateFrom } from './from.js';
import { FUNCTIONS } from './functions/table.js';
import { type Relation, sameName } from './relation.js';
import type { Typed } from './translation.js';

/** What one column of the result is made of: an expression, or a column that `*` stands for. */
interface Item {
  readonly title: string;
  readonly alias: string | null;
  readonly expression: Expression;
  /** Of `*`: its name might be that of two. */
  readonly column?: Typed;
}

/** `limit` is SQL, from limit.ts. Throws AnalyticsError. */
export function translateSelect(select: Select, orderBy: readonly Order[], limit: string, context: Context): Subquery {
  const { translation } = context;
  const source = translateFrom(select.from, context);
  const items = expandItems(select, source, context);
  translation.countSelect(items[0]?.expression.at ?? 0);
  const where = select.where && condition(select.where, rowsEnv(source, context, 'WHERE clause'));
  const used = [...items.map(({ expression }) => expression), ...orderBy.map(({ expression }) => expression)];
  const isGrouped = select.groupBy.length > 0 || select.having !== null || used.some(hasAggregate);
  const step = isGrouped ? group(select, items, source, context) : plain(source, context);

  const columns = items.map((item): OutputColumn => {
    const { sql, type } = item.column !== undefined && !isGrouped ? item.column : translate(item.expression, step.env);
    return { title: item.title, type, sql };
  });
  const names = columns.map(() => translation.name('v'));
  const having = select.having && condition(select.having, withAliases(step.env, items));
  const order = orderSql(orderBy, (node) => {
    const place = placeOf(node, items, context);
    if (place !== null) return names[place] ?? '';
    const { sql } = translate(node, step.env);
    const same = columns.findIndex((column) => column.sql === sql);
    if (same >= 0) return names[same] ?? '';
    if (!select.distinct) return sql;
    throw translation.error(node.at, 'For SELECT DISTINCT, ORDER BY expressions must appear in select list');
  });
  const list = columns.map(({ sql }, i) => `${sql} AS ${names[i]}`).join(', ');
  const from = step.sql(where);
  const condensed = having === null ? from : `${from} WHERE ${having}`;
  const sql = `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list} FROM ${condensed}${order === '' ? '' : ` ORDER BY ${order}`}${limit}`;
  return { sql, columns: columns.map((column, i) => ({ ...column, sql: names[i] ?? '' })) };
}

function expandItems(select: Select, source: Relation, { translation }: Context): Item[] {
  const items = select.items.flatMap((item): Omit<Item, 'title'>[] => {
    if (item.kind === 'expression') return [item];
    const columns = source.all(item.qualifier, item.at);
    if (columns.length === 0) throw translation.error(item.at, 'SELECT * needs a table with columns');
    return columns.map(({ title, type, use }) => ({
      alias: title,
      expression: { kind: 'column', at: item.at, qualifier: item.qualifier, name: title },
      column: { sql: use(), type },
    }));
  });
  return items.map((item, i) => {
    const own = item.expression.kind === 'column' ? item.expression.name : `_col${i}`;
    return { ...item, title: item.alias ?? own };
  });
}

/** What SELECT, HAVING and ORDER BY are translated in, and where their rows come from. */
interface Step {
  readonly env: Env;
  /** An operand of FROM, with the rows that meet the condition. */
  readonly sql: (where: string | null) => string;
}

function plain(source: Relation, context: Context): Step {
  return {
    env: { ...rowsEnv(source, context, 'this'), hasWindows: true },
    sql: (where) => (where === null ? source.sql() : `${source.sql()} WHERE ${where}`),
  };
}

function group(select: Select, items: readonly Item[], source: Relation, context: Context): Step {
  const { translation } = context;
  const rows = rowsEnv(source, context, 'GROUP BY clause');
  const keys = select.groupBy.map((node) => {
    const expression = groupedBy(node, items, context);
    const { sql, type } = translate(expression, rows);
    return { key: keyOf(expression), sql, type, name: translation.name('g') };
  });
  const aggregates = new Map<string, string>();
  const nested = rowsEnv(source, context, 'an aggregation');
  const env: Env = {
    ...rows,
    hasWindows: true,
    known: (node) => {
      if (keys.length === 0 || node.kind === 'literal') return null;
      const text = keyOf(node);
      const found = keys.find(({ key }) => key === text);
      return found === undefined ? null : { sql: found.name, type: found.type };
    },
    column: (node) => {
      const { sql } = rows.column(node);
      const found = keys.find((key) => key.sql === sql);
      if (found !== undefined) return { sql: found.name, type: found.type };
      throw translation.columnError(node.at, `Column '${node.name}' not in GROUP BY clause`);
    },
    aggregate: (call) => {
      const { sql, type } = aggregateCall(call, nested, translate);
      const name = aggregates.get(sql) ?? translation.name('a');
      aggregates.set(sql, name);
      return { sql: name, type };
    },
  };
  return {
    env,
    sql: (where) => {
      const columns = [...keys.map(({ sql, name }) => [sql, name]), ...aggregates].map(
        ([sql, name]) => `${sql} AS ${name}`,
      );
      const list = columns.length > 0 ? columns.join(', ') : `count() AS ${translation.name('a')}`;
      const by = keys.length > 0 ? ` GROUP BY ${keys.map(({ name }) => name).join(', ')}` : '';
      const filter = where === null ? '' : ` WHERE ${where}`;
      return `(SELECT ${list} FROM ${source.sql()}${filter}${by}) AS ${translation.name('t')}`;
    },
  };
}

/** A place in the select list, or a name of it: one that is an aggregate can only be meant as a column. */
function groupedBy(node: Expression, items: readonly Item[], context: Context): Expression {
  const place = placeOf(node, items, context);
  const item = place === null ? undefined : items[place];
  if (item === undefined) return node;
  if (!hasAggregate(item.expression)) return item.expression;
  if (node.kind === 'column') return node;
  throw context.translation.error(node.at, 'GROUP BY clause cannot contain aggregations');
}

/** Which item a number or an alias stands for; null if `node` is an expression like any other. */
function placeOf(node: Expression, items: readonly Item[], { translation }: Context): number | null {
  if (node.kind === 'literal' && typeof node.value === 'bigint') {
    if (node.value >= 1n && node.value <= BigInt(items.length)) return Number(node.value) - 1;
    throw translation.error(node.at, `position ${node.value} is not in the select list`);
  }
  if (node.kind !== 'column' || node.qualifier !== null) return null;
  const exact = items.findIndex(({ alias }) => alias === node.name);
  const place = exact >= 0 ? exact : items.findIndex(({ alias }) => alias !== null && sameName(alias, node.name));
  return place >= 0 ? place : null;
}

/** In HAVING the names of the select list are known; within an aggregation they are those of columns. */
function withAliases(env: Env, items: readonly Item[]): Env {
  return {
    ...env,
    known: (node) => {
      const known = env.known(node);
      if (known !== null || node.kind !== 'column' || node.qualifier !== null) return known;
      const item = items.find(({ alias }) => alias !== null && sameName(alias, node.name));
      return item === undefined ? null : translate(item.expression, env);
    },
  };
}

function hasAggregate(node: Expression): boolean {
  if (node.kind === 'call' && node.over === null && FUNCTIONS.get(node.name)?.[0]?.row.kind === 'aggregate')
    return true;
  return childrenOf(node).some(hasAggregate);
}
