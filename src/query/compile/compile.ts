/** A search as an SQL condition on the table `logs`. */

import type { IndexConfig } from '../../model/index-config.js';
import type { LogTable } from '../../store/log-table.js';
import type { Bind } from '../../store/parameters.js';
import type { Query } from '../search/ast.js';
import { termCondition } from './term.js';

/** What a search means depends on it. */
export interface CompileContext {
  readonly table: LogTable;
  /** Of the logstore; null without one: then everything can be searched, by the default rules. */
  readonly index: IndexConfig | null;
  readonly bind: Bind;
}

/** In brackets where it needs them: it can stand beside AND, OR and NOT. */
export function compileQuery(query: Query, context: CompileContext): string {
  switch (query.kind) {
    case 'all':
      return 'true';
    case 'and':
      return `(${query.operands.map((operand) => compileQuery(operand, context)).join(' AND ')})`;
    case 'or':
      return `(${query.operands.map((operand) => compileQuery(operand, context)).join(' OR ')})`;
    case 'not':
      return `NOT ${compileQuery(query.operand, context)}`;
    case 'term':
      return termCondition(query, context);
  }
}
