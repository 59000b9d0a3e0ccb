/** Words of a text, some of whose characters may be open: all of them are in what is searched. */
import type { Piece } from '../../search/ast.js';
import type { FullText } from '../full-text.js';
import { Haystack } from '../haystack.js';
import { QueryRefused } from '../query-refused.js';
import type { TextValue } from '../target.js';
import type { TermContext } from '../term.js';
import { splitUnits } from '../word-rules.js';
import { wholeCondition } from './whole.js';

/** Where the text has no word but delimiters (`path:"/"`, `path:/*`), a value is compared as a whole. */
export function unitsCondition(pieces: readonly Piece[], target: FullText | TextValue, context: TermContext): string {
  const { bind, budget, hints } = context;
  const units = splitUnits(pieces, target.rules);
  budget.spend(Math.max(1, units.length));
  if (units.length === 0) {
    if (target.kind === 'text') return wholeCondition(pieces, target.value, bind);
    throw new QueryRefused('there is no word to search for: a text without a field holds nothing but delimiters');
  }
  const haystack = new Haystack(target.kind === 'fullText' ? target.joined : target.value, target.rules, bind);
  return `(${[...hints.of(units, target), ...units.map((unit) => haystack.hasUnit(unit))].join(' AND ')})`;
}
