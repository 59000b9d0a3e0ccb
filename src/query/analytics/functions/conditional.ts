/** Functions that choose. */
import type { FunctionRow } from './row.js';

export const CONDITIONALS: readonly FunctionRow[] = [
  {
    form: 'if(boolean, T, T): T',
    doc: 'One value or the other',
    example: ["if(1 < 2, 'yes', 'no')", 'yes'],
    kind: 'scalar',
    sql: (test, yes, no) => `if(${test}, ${yes}, ${no})`,
  },
  {
    form: 'if(boolean, T): T',
    doc: 'The value, or NULL',
    example: ["if(1 > 2, 'yes')", 'null'],
    kind: 'scalar',
    sql: (test, yes) => `if(${test}, ${yes}, NULL)`,
  },
  {
    form: 'coalesce(T...): T',
    doc: 'The first that is not NULL',
    example: ["coalesce(null, 'a', 'b')", 'a'],
    kind: 'scalar',
    sql: (...values) => `coalesce(${values.join(', ')})`,
  },
  {
    form: 'nullif(T, T): T',
    doc: 'NULL if both are equal, else the first',
    example: ['nullif(5, 5)', 'null'],
    kind: 'scalar',
    sql: (value, other) => `nullIf(${value}, ${other})`,
  },
  {
    form: 'try(T): T',
    doc: 'The value as it is: what would fail in Presto is NULL here anyway',
    example: ['try(1 / 0)', 'null'],
    kind: 'scalar',
    sql: (value) => value,
  },
];
