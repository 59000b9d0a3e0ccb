/** A search as an SQL condition on the table `logs`. */
import type { Query } from './ast.js';
import type { Bind } from './parameters.js';
import { termCondition } from './term.js';

/** In brackets where it needs them: it can stand beside AND, OR and NOT. */
export function compileQuery(query: Query, bind: Bind): string {
  switch (query.kind) {
    case 'all':
      return 'true';
    case 'and':
      return `(${query.operands.map((operand) => compileQuery(operand, bind)).join(' AND ')})`;
    case 'or':
      return `(${query.operands.map((operand) => compileQuery(operand, bind)).join(' OR ')})`;
    case 'not':
      return `NOT ${compileQuery(query.operand, bind)}`;
    case 'term':
      return termCondition(query, bind);
  }
}
