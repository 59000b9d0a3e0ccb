/** A search as an SQL condition on the table `logs`. */

import type { IndexConfig } from '../../model/index-config.js';
import type { LogTable } from '../../store/log-table.js';
import type { Bind } from '../../store/parameters.js';
import type { Query } from '../search/ast.js';
import { Hints } from './hints.js';
import { type TermContext, termCondition } from './term.js';
import { WordBudget } from './word-budget.js';

/** What a search means depends on it. */
export interface CompileContext {
  readonly table: LogTable;
  /** Of the logstore; null without one: then everything can be searched, by the default rules. */
  readonly index: IndexConfig | null;
  readonly bind: Bind;
  /** A condition that all logs in question meet, such as one on logstore and time: words are looked up there alone. */
  readonly within?: string;
}

/** In brackets where it needs them: it can stand beside AND, OR and NOT, and is never NULL. Throws QueryRefused. */
export function compileQuery(query: Query, context: CompileContext): string {
  return condition(query, { ...context, budget: new WordBudget(), hints: new Hints(context) });
}

function condition(query: Query, context: TermContext): string {
  const ofOperand = (operand: Query) => condition(operand, context);
  switch (query.kind) {
    case 'all':
      return 'true';
    case 'and':
      return `(${query.operands.map(ofOperand).join(' AND ')})`;
    case 'or':
      return `(${query.operands.map(ofOperand).join(' OR ')})`;
    case 'not':
      return `NOT ${ofOperand(query.operand)}`;
    case 'term':
      return termCondition(query, context);
  }
}
