/** A tree as text again. What is printed parses to an equal tree. */
import type { Query, Scope, Term } from './ast.js';

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

function printTerm({ scope, text, prefix }: Term): string {
  const word = text === '' && prefix ? '' : printWord(text);
  return `${printScope(scope)}${word}${prefix ? '*' : ''}`;
}

function printScope(scope: Scope): string {
  switch (scope.kind) {
    case 'anywhere':
      return '';
    case 'topic':
      return '__topic__:';
    case 'source':
      return '__source__:';
    case 'tag':
      return `__tag__:${printWord(scope.name)}:`;
    case 'field':
      return `${printWord(scope.name)}:`;
  }
}

/** Bare where nothing in it could be taken for syntax, else in quotes. */
function printWord(text: string): string {
  const plain = /^[^\s"():|<>=[\]*?#\\]+$/.test(text) && !/^(?:and|or|not|in)$/i.test(text);
  return plain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
