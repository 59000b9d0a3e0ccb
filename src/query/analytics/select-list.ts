/** The list behind SELECT, and what its names and places mean elsewhere. */
import { childrenOf, type Expression, type Select } from './ast.js';
import type { Context } from './context.js';
import type { Env } from './env.js';
import { translate } from './expression.js';
import { isComparison } from './functions/special.js';
import { FUNCTIONS } from './functions/table.js';
import { type Relation, sameName } from './relation.js';
import type { Typed } from './translation.js';

/** What one column of the result is made of: an expression, or a column that `*` stands for. */
export interface Item {
  readonly title: string;
  readonly alias: string | null;
  readonly expression: Expression;
  /** Of `*`: its name might be that of two. */
  readonly column?: Typed;
}

/** The list with every `*` spelled out. Throws AnalyticsError. */
export function expandItems(select: Select, source: Relation, { translation }: Context): Item[] {
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

/** A place in the select list, or a name of it: one that is an aggregate can only be meant as a column. */
export function groupedBy(node: Expression, items: readonly Item[], context: Context): Expression {
  const place = placeOf(node, items, context);
  const item = place === null ? undefined : items[place];
  if (item === undefined) return node;
  if (!hasAggregate(item.expression)) return item.expression;
  if (node.kind === 'column') return node;
  throw context.translation.error(node.at, 'GROUP BY clause cannot contain aggregations');
}

/** Which item a number or an alias stands for; null if `node` is an expression like any other. */
export function placeOf(node: Expression, items: readonly Item[], { translation }: Context): number | null {
  if (node.kind === 'literal' && typeof node.value === 'bigint') {
    if (node.value >= 1n && node.value <= BigInt(items.length)) return Number(node.value) - 1;
    throw translation.error(node.at, `position ${node.value} is not in the select list`);
  }
  if (node.kind !== 'column' || node.qualifier !== null) return null;
  const exact = items.findIndex(({ alias }) => alias === node.name);
  const place = exact >= 0 ? exact : items.findIndex(({ alias }) => alias !== null && sameName(alias, node.name));
  return place >= 0 ? place : null;
}

/** In HAVING and ORDER BY the names of the select list are known; within an aggregation they are those of columns. */
export function withAliases(env: Env, items: readonly Item[]): Env {
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

/** Whether it is a value of many rows. */
export function hasAggregate(node: Expression): boolean {
  if (node.kind === 'call' && node.over === null) {
    if (isComparison(node.name) || FUNCTIONS.get(node.name)?.[0]?.row.kind === 'aggregate') return true;
  }
  return childrenOf(node).some(hasAggregate);
}
