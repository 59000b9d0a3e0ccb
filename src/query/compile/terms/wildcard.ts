/** `err*`, `path:/api/us?r`: words of which some characters are open. */
import type { Piece } from '../../search/ast.js';
import type { Target } from '../target.js';
import type { TermContext } from '../term.js';
import { unitsCondition } from './units.js';
import { wholeCondition } from './whole.js';
import { numberWanted } from './words.js';

export function wildcardCondition(pieces: readonly Piece[], target: Target, context: TermContext): string {
  switch (target.kind) {
    case 'label':
      return wholeCondition(pieces, target.value, context.bind);
    case 'number':
      throw numberWanted(target.type);
    case 'text':
    case 'fullText':
      return unitsCondition(pieces, target, context);
  }
}
