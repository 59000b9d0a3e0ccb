/** Queries: WITH, UNION, and what goes around a SELECT. */
import type { Body, CommonTable, Order, Query, Union } from './ast.js';
import { orderSql } from './call.js';
import { coerce } from './cast.js';
import type { Context } from './context.js';
import type { OutputColumn, Subquery } from './env.js';
import { limitSql } from './limit.js';
import { named, retitled } from './relation.js';
import { translateSelect } from './select.js';
import { commonType, printType } from './types.js';

/** The outermost query has a limit even if it does not say so. Throws AnalyticsError. */
export function translateQuery(query: Query, context: Context, isOutermost = false): Subquery {
  const tables = new Map(context.tables);
  const inner: Context = { ...context, tables };
  for (const table of query.with) {
    const before: Context = { ...context, tables: new Map(tables) };
    tables.set(table.name.toLowerCase(), ({ secondsBack }) => translateTable(table, { ...before, secondsBack }));
  }
  const limit = limitSql(query.limit, isOutermost, context.translation);
  const { body, orderBy } = query;
  if (body.kind === 'select') return translateSelect(body, orderBy, limit, inner);
  const subquery = translateBody(body, inner);
  if (orderBy.length === 0 && limit === '') return subquery;
  const order =
    orderBy.length === 0 ? '' : ` ORDER BY ${orderSql(orderBy, (node) => outputSql(node, subquery, context))}`;
  const columns = subquery.columns.map(({ sql }) => sql).join(', ');
  return { ...subquery, sql: `SELECT ${columns} FROM (${subquery.sql})${order}${limit}` };
}

function translateTable({ columns: titles, query }: CommonTable, context: Context): Subquery {
  return retitled(translateQuery(query, context), titles);
}

function translateBody(body: Body, context: Context): Subquery {
  switch (body.kind) {
    case 'select':
      return translateSelect(body, [], '', context);
    case 'query':
      return translateQuery(body.query, context);
    case 'union':
      return translateUnion(body, context);
  }
}

/** Columns are joined by their places and named by the first query. */
function translateUnion({ at, all, left, right }: Union, context: Context): Subquery {
  const { translation } = context;
  const sides = [translateBody(left, context), translateBody(right, context)] as const;
  const [first, second] = sides;
  if (first.columns.length !== second.columns.length) {
    throw translation.error(at, 'UNION query has different number of fields');
  }
  const columns = first.columns.map(({ title, type }, i): OutputColumn => {
    const other = second.columns[i]?.type ?? 'unknown';
    const common = commonType(type, other);
    if (common === null) {
      const types = `${printType(type)}, ${printType(other)}`;
      throw translation.error(at, `column ${i + 1} in UNION query has incompatible types: ${types}`);
    }
    return { title, type: common, sql: translation.name('u') };
  });
  const selects = sides.map((side) => {
    const list = columns.map(({ type, sql }, i) => {
      const column = side.columns[i];
      if (column === undefined) throw new Error('both sides have as many columns');
      return `${coerce(column, type, translation).sql} AS ${sql}`;
    });
    return `SELECT ${list.join(', ')} FROM (${side.sql})`;
  });
  return { sql: selects.join(all ? ' UNION ALL ' : ' UNION DISTINCT '), columns };
}

/** What ORDER BY can name where there is no SELECT of its own: a column of the result, by name or place. */
function outputSql(node: Order['expression'], { columns }: Subquery, { translation }: Context): string {
  if (node.kind === 'literal' && typeof node.value === 'bigint') {
    const column = columns[Number(node.value) - 1];
    if (column === undefined)
      throw translation.error(node.at, `ORDER BY position ${node.value} is not in the select list`);
    return column.sql;
  }
  const [column] = node.kind === 'column' && node.qualifier === null ? named(columns, node.name) : [];
  if (column === undefined) throw translation.error(node.at, 'a column of the result is expected');
  return column.sql;
}
