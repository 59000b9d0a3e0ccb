/** `error`, `path:/cart`, `path:"1 step"`: all words of a text, in any order. */
import { isNumber } from '../../search/number.js';
import { QueryRefused } from '../query-refused.js';
import type { Target } from '../target.js';
import type { TermContext } from '../term.js';
import { numbersCondition } from './range.js';
import { unitsCondition } from './units.js';
import { wholeCondition } from './whole.js';

export function wordsCondition(text: string, target: Target, context: TermContext): string {
  const pieces = [{ kind: 'text', text }] as const;
  switch (target.kind) {
    case 'label':
      return wholeCondition(pieces, target.value, context.bind);
    case 'number': {
      if (!isNumber(text)) throw numberWanted(target.type);
      const bound = { number: text, isIncluded: true };
      return numbersCondition({ low: bound, high: bound }, target.value, target.type, context.bind);
    }
    case 'text':
    case 'fullText':
      return unitsCondition(pieces, target, context);
  }
}

export function numberWanted(type: string): QueryRefused {
  return new QueryRefused(`a field that is indexed as ${type} is compared with numbers only, as in size:5 or size > 5`);
}
