/** A value compared as a whole: labels, and texts of which nothing but delimiters is known (`path:"/"`, `path:/*`). */
import type { Bind } from '../../../store/parameters.js';
import type { Piece } from '../../search/ast.js';

/** Large and small letters are told apart. A log that lacks the value is not found, as what is looked for begins with a text. */
export function wholeCondition(pieces: readonly Piece[], value: string, bind: Bind): string {
  const [first, second] = pieces;
  if (first?.kind === 'text' && pieces.length === 1) return `(${value} = ${bind(first.text)})`;
  if (first?.kind === 'text' && pieces.length === 2 && second?.kind === 'any') {
    return `(startsWith(${value}, ${bind(first.text)}))`;
  }
  return `(${value} LIKE ${bind(pieces.map(likePattern).join(''))})`;
}

function likePattern(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return piece.text.replace(/[%_\\]/g, '\\$&');
    case 'any':
      return '%';
    case 'one':
      return '_';
  }
}
