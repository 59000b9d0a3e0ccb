/** What stands behind FROM: where its rows come from, and what its columns are called. */
import type { Subquery } from './env.js';
import type { SqlType } from './types.js';

export interface Column {
  readonly title: string;
  readonly type: SqlType;
  /** Asks for the column and returns its name in the SQL. */
  readonly use: () => string;
  /** The logs may have such a field and may not: another relation's column of that name is meant rather. */
  readonly isAssumed: boolean;
}

export interface Relation {
  /** An operand of FROM. Written when all columns have been asked for. */
  readonly sql: () => string;
  /** Those of this name; more than one is for the caller to refuse. */
  readonly find: (qualifier: string | null, name: string) => readonly Column[];
  /** What `*` means. Throws AnalyticsError where that is not known. */
  readonly all: (qualifier: string | null, at: number) => readonly Column[];
}

/** A query in brackets as a relation. `titles`, if there are any, are given to its columns. */
export function queryRelation({ sql, columns }: Subquery, name: string | null, alias: string): Relation {
  const found = columns.map((column): Column => {
    return { title: column.title, type: column.type, use: () => column.sql, isAssumed: false };
  });
  const isMeant = (qualifier: string | null) => qualifier === null || sameName(qualifier, name);
  return {
    sql: () => `(${sql}) AS ${alias}`,
    find: (qualifier, title) => (isMeant(qualifier) ? named(found, title) : []),
    all: (qualifier) => (isMeant(qualifier) ? found : []),
  };
}

/** Columns of exactly this name, or else those that differ in large and small letters only. */
export function named<T extends { readonly title: string }>(columns: readonly T[], title: string): readonly T[] {
  const exact = columns.filter((column) => column.title === title);
  return exact.length > 0 ? exact : columns.filter((column) => sameName(column.title, title));
}

export function sameName(a: string, b: string | null): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

/** Its columns under these names, if there are any. */
export function retitled(subquery: Subquery, titles: readonly string[]): Subquery {
  const columns = subquery.columns.map((column, i) => ({ ...column, title: titles[i] ?? column.title }));
  return { ...subquery, columns };
}
