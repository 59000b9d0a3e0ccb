/** Where an expression stands: what its names mean, and what may stand in it. */
import type { Call, Expression, Query } from './ast.js';
import type { Translation, Typed } from './translation.js';

export interface Env {
  readonly translation: Translation;
  /** What stands for the whole of an expression here, such as a column of GROUP BY; null if nothing does. */
  readonly known: (node: Expression) => Typed | null;
  readonly column: (node: Extract<Expression, { kind: 'column' }>) => Typed;
  /** A call of an aggregate function, without OVER. */
  readonly aggregate: (call: Call) => Typed;
  /** Whether functions with OVER may stand here. */
  readonly hasWindows: boolean;
  readonly subquery: (query: Query) => Subquery;
}

/** A query as it can stand in brackets, and its columns in their order. */
export interface Subquery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

export interface OutputColumn extends Typed {
  /** As the user named it. */
  readonly title: string;
}
