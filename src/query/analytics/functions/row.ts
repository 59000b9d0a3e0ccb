/** A row in the table of functions. */
import type { Translation, Typed } from '../translation.js';
import type { SqlType } from '../types.js';

/**
 * The documentation prints `form`, `doc` and `example`, and a test runs the example: an expression, and its result as it
 * is printed. In an example `x` and `y` are columns over four rows: 1, 2, 3, 4 and a, b, a, NULL.
 */
export type FunctionRow = {
  /** See signature.ts. A name may have several rows; the one whose types are nearest is taken. */
  readonly form: string;
  readonly doc: string;
  readonly example: readonly [expression: string, result: string];
} & (
  | { readonly kind: 'scalar'; readonly sql: (...args: string[]) => string }
  /** One for which the SQL of its arguments is not enough. */
  | { readonly kind: 'written'; readonly sql: (call: WrittenCall) => string }
  | { readonly kind: 'aggregate'; readonly sql: (apply: Apply, ...args: string[]) => string }
  /** Rewrites the whole SELECT it stands in (time-series.ts, compare.ts). Its example is a query. */
  | { readonly kind: 'special' }
  /** Only with OVER. */
  | { readonly kind: 'window'; readonly sql: (apply: Apply, ...args: string[]) => string }
);

export interface WrittenCall {
  /** Already of the types that the row's form asks for. */
  readonly args: readonly Typed[];
  /** What it gives. */
  readonly type: SqlType;
  readonly translation: Translation;
  /** Complains about an argument, counted from 0. */
  readonly refuse: (argument: number, problem: string) => Error;
}

/** An aggregate function of the engine, with what DISTINCT, FILTER and OVER make of it. */
export type Apply = (name: string, args: readonly string[], parameters?: readonly (string | number)[]) => string;
