/**
 * Comparisons and ranges of numbers.
 *
 *   range := ( ">" | ">=" | "<" | "<=" | "=" ) number | "in" ( "[" | "(" ) number number ( "]" | ")" )
 */
import type { Range } from './ast.js';
import { isNumber } from './number.js';
import type { Token } from './token.js';
import type { TokenReader } from './token-reader.js';

export function startsRange({ kind }: Token): boolean {
  return kind === 'comparison' || kind === 'in';
}

/** What follows a field; null, and nothing read, if it is no range. Throws QuerySyntaxError. */
export function parseRange(tokens: TokenReader): Range | null {
  const comparison = tokens.accept('comparison');
  if (comparison !== null) {
    const { sign } = comparison;
    const bound = { number: parseNumber(tokens, `a number after "${sign}"`), isIncluded: sign.endsWith('=') };
    return { low: sign.startsWith('<') ? null : bound, high: sign.startsWith('>') ? null : bound };
  }
  return tokens.accept('in') ? parseInterval(tokens) : null;
}

function parseInterval(tokens: TokenReader): Range {
  const opening = tokens.accept('[') ?? tokens.accept('(');
  if (opening === null) throw tokens.expected('"[" or "(" after "in"');
  const low = { number: parseNumber(tokens, 'the lower bound, a number'), isIncluded: opening.kind === '[' };
  const number = parseNumber(tokens, 'a blank and the upper bound, a number');
  const closing = tokens.accept(']') ?? tokens.accept(')');
  if (closing === null) throw tokens.expected('"]" or ")"');
  return { low, high: { number, isIncluded: closing.kind === ']' } };
}

function parseNumber(tokens: TokenReader, expected: string): string {
  const token = tokens.peek();
  if (token.kind !== 'word' || token.form !== 'bare' || token.pieces !== null) throw tokens.expected(expected);
  if (!isNumber(token.text)) throw tokens.error(`expected ${expected}, but there is a word that is none`, token);
  return tokens.word(expected).text;
}
