/** The analytic half of a query as a tree. Trees are never changed. `at` is a node's place in the query's text. */
import type { SqlType } from './types.js';

export interface Query {
  readonly with: readonly CommonTable[];
  readonly body: Body;
  readonly orderBy: readonly Order[];
  readonly limit: Limit | null;
}

/** `name (columns) AS (query)` behind WITH. */
export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Limit {
  readonly at: number;
  /** Null in the form without one. */
  readonly offset: number | null;
  readonly count: number;
}

export interface Order {
  readonly expression: Expression;
  readonly descending: boolean;
  /** Presto's default, for both directions, is that nulls come last. */
  readonly nullsFirst: boolean;
}

export type Body = Select | Union | { readonly kind: 'query'; readonly query: Query };

export interface Union {
  readonly kind: 'union';
  readonly at: number;
  readonly all: boolean;
  readonly left: Body;
  readonly right: Body;
}

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly Item[];
  /** Null means the logs. */
  readonly from: From | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
}

export type Item =
  | { readonly kind: 'all'; readonly at: number; readonly qualifier: string | null }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly alias: string | null };

export type From =
  | { readonly kind: 'table'; readonly at: number; readonly name: string; readonly alias: string | null }
  | { readonly kind: 'subquery'; readonly at: number; readonly query: Query; readonly alias: Alias | null }
  | Unnest
  | Join;

export interface Alias {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Rows made of arrays and maps; they may be those of the relation before the comma. */
export interface Unnest {
  readonly kind: 'unnest';
  readonly at: number;
  readonly expressions: readonly Expression[];
  readonly withOrdinality: boolean;
  readonly alias: Alias | null;
}

export interface Join {
  readonly kind: 'join';
  readonly at: number;
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';
  readonly left: From;
  readonly right: From;
  readonly on: Expression | null;
  readonly using: readonly string[];
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | Comparison;
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expression = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: bigint | number | string | boolean | null }
  | { readonly kind: 'column'; readonly qualifier: string | null; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'logical'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'isNull'; readonly operand: Expression }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | { readonly kind: 'in'; readonly operand: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'inQuery'; readonly operand: Expression; readonly query: Query }
  | {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
    }
  | {
      readonly kind: 'case';
      readonly operand: Expression | null;
      readonly branches: readonly { readonly condition: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: SqlType; readonly safe: boolean }
  | Call
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'scalarQuery' | 'exists'; readonly query: Query }
  | { readonly kind: 'interval'; readonly value: number; readonly unit: IntervalUnit }
);

export const INTERVAL_UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type IntervalUnit = (typeof INTERVAL_UNITS)[number];

export interface Call {
  readonly kind: 'call';
  readonly at: number;
  /** In small letters. */
  readonly name: string;
  /** `*` in `count(*)` is no argument at all. */
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  readonly filter: Expression | null;
  readonly over: Window | null;
}

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly Order[];
  readonly frame: Frame | null;
}

export interface Frame {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

/** A number of rows, or null for all of them. */
export type FrameBound =
  | { readonly kind: 'currentRow' }
  | { readonly kind: 'preceding' | 'following'; readonly rows: number | null };

/** A call as it is without anything special. */
export function callOf(name: string, at: number, args: readonly Expression[]): Expression {
  return { kind: 'call', at, name, arguments: args, distinct: false, filter: null, over: null };
}

/** The expressions directly within one, leaving out those of sub-queries. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'column':
    case 'scalarQuery':
    case 'exists':
    case 'interval':
      return [];
    case 'unary':
    case 'isNull':
    case 'cast':
    case 'inQuery':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'logical':
      return node.operands;
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return [node.operand, ...node.list];
    case 'like':
      return [node.operand, node.pattern];
    case 'case': {
      const branches = node.branches.flatMap(({ condition, result }) => [condition, result]);
      return [node.operand, ...branches, node.otherwise].filter((child) => child !== null);
    }
    case 'call': {
      const over =
        node.over === null ? [] : [...node.over.partitionBy, ...node.over.orderBy.map((order) => order.expression)];
      return [...node.arguments, ...over, ...(node.filter === null ? [] : [node.filter])];
    }
    case 'lambda':
      return [node.body];
    case 'array':
      return node.items;
  }
}

/** Equal for expressions that are written alike, wherever they stand. */
export function keyOf(node: Expression): string {
  return JSON.stringify(node, (name, value: unknown) => {
    if (name === 'at') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
