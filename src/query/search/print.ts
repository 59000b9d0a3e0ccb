/** A tree as text again. What is printed parses to an equal tree. */
import type { Piece, Query, Range, Scope, Term, Test } from './ast.js';

export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'and':
    case 'or':
      return query.operands.map(printOperand).join(` ${query.kind} `);
    case 'not':
      return `not ${printOperand(query.operand)}`;
    case 'term':
      return printTerm(query);
  }
}

function printOperand(query: Query): string {
  const text = printQuery(query);
  return query.kind === 'and' || query.kind === 'or' ? `(${text})` : text;
}

export function printTerm({ scope, test }: Term): string {
  if (scope.kind === 'anywhere') return printTest(test);
  return test.kind === 'range'
    ? `${printScope(scope)} ${printRange(test.range)}`
    : `${printScope(scope)}:${printTest(test)}`;
}

/** What is looked for, without where. */
export function printTest(test: Test): string {
  switch (test.kind) {
    case 'words':
      return printWord(test.text);
    case 'phrase':
      return `#${quoted(test.text)}`;
    case 'wildcard':
      return printPieces(test.pieces);
    case 'present':
      return '*';
    case 'empty':
      return '""';
    case 'range':
      return printRange(test.range);
  }
}

function printScope(scope: Exclude<Scope, { kind: 'anywhere' }>): string {
  switch (scope.kind) {
    case 'topic':
      return '__topic__';
    case 'source':
      return '__source__';
    case 'tag':
      return `__tag__:${printWord(scope.name)}`;
    case 'field':
      return scope.name === 'source' ? quoted(scope.name) : printWord(scope.name);
  }
}

function printRange({ low, high }: Range): string {
  if (low === null) return high === null ? '' : `${high.isIncluded ? '<=' : '<'} ${high.number}`;
  if (high === null) return `${low.isIncluded ? '>=' : '>'} ${low.number}`;
  if (low.number === high.number && low.isIncluded && high.isIncluded) return `= ${low.number}`;
  return `in ${low.isIncluded ? '[' : '('}${low.number} ${high.number}${high.isIncluded ? ']' : ')'}`;
}

/** Bare where nothing in it could be taken for syntax, else in quotes. */
function printWord(text: string): string {
  const isPlain = /^[^\s"():|<>=[\]*?#\\]+$/.test(text) && !/^(?:and|or|not|in)$/i.test(text);
  return isPlain ? text : quoted(text);
}

/** Wildcards stand in bare words, but for the one star behind a quoted text. */
function printPieces(pieces: readonly Piece[]): string {
  const bare = pieces.map((piece) => {
    if (piece.kind === 'text') return escaped(piece.text);
    return piece.kind === 'any' ? '*' : '?';
  });
  const [first] = pieces;
  const isBare = pieces.every((piece) => piece.kind !== 'text' || !/[\s():|<>=[\]*?]/.test(piece.text));
  return isBare || first?.kind !== 'text' ? bare.join('') : `${quoted(first.text)}*`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
