/** The analytic half of a query as a row of tokens, each with its place in the whole. */
import { syntaxError } from './analytics-error.js';

export type Token = { readonly at: number } /** Unquoted: a keyword or a name. */ & (
  | { readonly kind: 'word'; readonly text: string }
  /** In double quotes: always a name. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly value: number }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' }
);

/** Blanks and comments; a comment that is not closed goes to the end and is refused by what is missing behind it. */
const BLANK = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /<>|!=|<=|>=|\|\||->|[-+*/%=<>(),.[\]]/y;

const BIGINT_MAX = 2n ** 63n - 1n;

/** Tokens of `text` from `start` on, the last one of kind `end`. Throws AnalyticsError. */
export function lex(text: string, start: number): Token[] {
  const tokens: Token[] = [];
  let at = start;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  for (;;) {
    at += take(BLANK).length;
    if (at >= text.length) return [...tokens, { kind: 'end', at: text.length }];
    const { token, length } = next(text, at, take);
    tokens.push(token);
    at += length;
  }
}

function next(text: string, at: number, take: (pattern: RegExp) => string): { token: Token; length: number } {
  const quote = text.charAt(at);
  if (quote === "'" || quote === '"') {
    const { meant, length } = readQuoted(text, at, quote);
    return { token: { kind: quote === "'" ? 'string' : 'name', at, text: meant }, length };
  }
  const word = take(WORD);
  if (word !== '') return { token: { kind: 'word', at, text: word }, length: word.length };
  const number = take(NUMBER);
  if (number !== '') return { token: readNumber(text, at, number), length: number.length };
  const symbol = take(SYMBOL);
  if (symbol !== '') {
    return { token: { kind: 'symbol', at, text: symbol === '!=' ? '<>' : symbol }, length: symbol.length };
  }
  throw syntaxError(text, at, `${printCharacter(text, at)} has no meaning here`);
}

/** A doubled quote is one of the text. */
function readQuoted(text: string, at: number, quote: string): { meant: string; length: number } {
  let meant = '';
  let from = at + 1;
  for (;;) {
    const end = text.indexOf(quote, from);
    if (end === -1) throw syntaxError(text, at, `this ${quote} is never closed`);
    meant += text.slice(from, end);
    if (text.charAt(end + 1) !== quote) return { meant, length: end + 1 - at };
    meant += quote;
    from = end + 2;
  }
}

function readNumber(text: string, at: number, number: string): Token {
  if (/[\p{L}_]/u.test(text.charAt(at + number.length))) {
    throw syntaxError(text, at, 'a name that begins with a digit must be in double quotes');
  }
  if (/^\d+$/.test(number)) {
    const value = BigInt(number);
    if (value > BIGINT_MAX) throw syntaxError(text, at, `Invalid numeric literal: ${number.slice(0, 40)}`);
    return { kind: 'integer', at, value };
  }
  const value = Number(number);
  if (!Number.isFinite(value)) throw syntaxError(text, at, `Invalid numeric literal: ${number.slice(0, 40)}`);
  return { kind: 'decimal', at, value };
}

function printCharacter(text: string, at: number): string {
  return JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
}
