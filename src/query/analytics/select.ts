/**
 * One SELECT. It becomes a sub-query within another, each step naming its columns for the next:
 *
 *   SELECT [DISTINCT] v… FROM (SELECT keys AS g…, aggregates AS a… FROM source WHERE … GROUP BY g…) WHERE having ORDER BY … LIMIT …
 *
 * All names are ours and used once in a statement, so that none of the engine's rules about names can take effect.
 */
import type { Order, Select } from './ast.js';
import { orderSql } from './call.js';
import { comparedRelation, periodsOf } from './compare.js';
import type { Context } from './context.js';
import type { OutputColumn, Subquery } from './env.js';
import { condition, translate } from './expression.js';
import { rowsEnv, translateFrom } from './from.js';
import { group, type Step } from './group.js';
import type { Relation } from './relation.js';
import { expandItems, hasAggregate, placeOf, withAliases } from './select-list.js';

/** `limit` is SQL, from limit.ts. Throws AnalyticsError. */
export function translateSelect(select: Select, orderBy: readonly Order[], limit: string, context: Context): Subquery {
  const { translation } = context;
  const written = select.items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : []));
  const behind = [...orderBy.map(({ expression }) => expression), ...(select.having === null ? [] : [select.having])];
  const periods = periodsOf([...written, ...behind], context);
  const at = written[0]?.at ?? 0;
  translation.countSelect(at);
  const compared = periods.length > 0 ? comparedRelation(select.from, periods, at, context) : null;
  const source = compared?.relation ?? translateFrom(select.from, context);
  const items = expandItems(select, source, context);
  const where = select.where && condition(select.where, rowsEnv(source, context, 'WHERE clause'));
  const isGrouped = select.groupBy.length > 0 || select.having !== null || [...written, ...behind].some(hasAggregate);
  const step = isGrouped ? group(select, items, source, compared?.period ?? null, context) : plain(source, context);

  const columns = items.map((item): OutputColumn => {
    const { sql, type } = item.column !== undefined && !isGrouped ? item.column : translate(item.expression, step.env);
    return { title: item.title, type, sql };
  });
  const names = columns.map(() => translation.name('v'));
  const named = withAliases(step.env, items);
  const having = select.having && condition(select.having, named);
  const orders = orderBy.length > 0 ? orderBy : step.defaultOrder;
  const order = orderSql(orders, (node) => {
    const place = placeOf(node, items, context);
    const start = step.sortedBy(items[place ?? -1]?.expression ?? node);
    if (start !== null && !select.distinct) return start;
    if (place !== null) return names[place] ?? '';
    const { sql } = translate(node, named);
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

function plain(source: Relation, context: Context): Step {
  return {
    env: { ...rowsEnv(source, context, 'this'), hasWindows: true },
    sql: (where) => (where === null ? source.sql() : `${source.sql()} WHERE ${where}`),
    sortedBy: () => null,
    defaultOrder: [],
  };
}
