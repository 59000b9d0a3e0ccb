/** A search as a row of tokens, each with its place in the text. */
import { lexBare, lexQuoted } from './lex-word.js';
import { QuerySyntaxError } from './syntax-error.js';
import type { Lexed, Token } from './token.js';

const BLANK = /\s/;
const SIGNS = ['(', ')', '[', ']', ':'] as const;

/** Half of a character: no log has one, and the store cannot be asked for it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Tokens of `text`, the last one of kind `end`. Throws QuerySyntaxError. */
export function lex(text: string): Token[] {
  const half = text.search(LONE_SURROGATE);
  if (half >= 0) throw new QuerySyntaxError(text, half, 'this is half of a character (a lone surrogate)');
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (BLANK.test(text.charAt(at))) at += 1;
    if (at >= text.length) return [...tokens, { kind: 'end', at }];
    const { token, next } = lexSign(text, at) ?? lexQuoted(text, at) ?? lexBare(text, at);
    tokens.push(token);
    at = next;
  }
}

function lexSign(text: string, at: number): Lexed | null {
  const char = text.charAt(at);
  if (char === '|') {
    throw new QuerySyntaxError(text, at, '| has no meaning here; to search for it, put the text in double quotes');
  }
  if (char === '=') return { token: { kind: 'comparison', at, sign: '=' }, next: at + 1 };
  if (char === '>' || char === '<') {
    const sign = text.charAt(at + 1) === '=' ? (`${char}=` as const) : char;
    return { token: { kind: 'comparison', at, sign }, next: at + sign.length };
  }
  const kind = SIGNS.find((sign) => sign === char);
  return kind === undefined ? null : { token: { kind, at }, next: at + 1 };
}
