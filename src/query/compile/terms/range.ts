/** `price > 50`, `price in [10 20)`: values that are numbers, within bounds. */
import type { Bind } from '../../../store/parameters.js';
import type { Bound, Range, Term } from '../../search/ast.js';
import { printTerm } from '../../search/print.js';
import { fullText } from '../full-text.js';
import type { Target } from '../target.js';
import type { TermContext } from '../term.js';
import { unitsCondition } from './units.js';

export function rangeCondition(term: Term, range: Range, target: Target, context: TermContext): string {
  if (target.kind === 'number') return numbersCondition(range, target.value, target.type, context.bind);
  const isComparable = target.kind !== 'fullText' && target.isComparable;
  return isComparable
    ? numbersCondition(range, target.value, 'double', context.bind)
    : comparedWordsCondition(term, context);
}

/**
 * Under an index that does not have the field as a number, the words of the comparison are searched as they stand, as
 * SLS does: `owner_id > 100` finds the logs with `owner_id` and `100`.
 */
export function comparedWordsCondition(term: Term, context: TermContext): string {
  const { table, index, bind } = context;
  return unitsCondition([{ kind: 'text', text: printTerm(term) }], fullText(table, index, bind), context);
}

/** A value that is no number of this type is within no bounds, and neither is an infinite one. */
export function numbersCondition(range: Range, value: string, type: 'long' | 'double', bind: Bind): string {
  const number = type === 'long' ? `toInt64OrNull(${value})` : `toFloat64OrNull(${value})`;
  const conditions = boundConditions(range, number, type, bind);
  if (type === 'double') conditions.push(`isFinite(${number})`);
  return `ifNull(${conditions.join(' AND ')}, false)`;
}

function boundConditions({ low, high }: Range, number: string, type: 'long' | 'double', bind: Bind): string[] {
  const bound = ({ number: text }: Bound) =>
    isInt64(text) && type === 'long' ? `toInt64(${bind(text)})` : `toFloat64(${bind(text)})`;
  if (low !== null && high !== null && low.number === high.number && low.isIncluded && high.isIncluded) {
    return [`${number} = ${bound(low)}`];
  }
  return [
    ...(low === null ? [] : [`${number} ${low.isIncluded ? '>=' : '>'} ${bound(low)}`]),
    ...(high === null ? [] : [`${number} ${high.isIncluded ? '<=' : '<'} ${bound(high)}`]),
  ];
}

/** As a 64-bit float, a large one would be rounded. */
function isInt64(text: string): boolean {
  return (
    /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text.replace(/^\+/, ''))) === BigInt(text.replace(/^\+/, ''))
  );
}
