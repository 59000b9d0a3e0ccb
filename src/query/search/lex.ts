/** A search as a row of tokens, each with its place in the text. */
import { QuerySyntaxError } from './syntax-error.js';

export type Token = { readonly at: number } & (
  | { readonly kind: 'word'; readonly text: string; readonly prefix: boolean }
  | { readonly kind: 'and' | 'or' | 'not' | '(' | ')' | ':' | 'end' }
);

const BLANK = /\s/;

/** Ends a bare word. All of them mean something now or will when the language has grown to its full size. */
const RESERVED = /[\s"():|<>=[\]]/;

/** Tokens of `text`, the last one of kind `end`. Throws QuerySyntaxError. */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (BLANK.test(text.charAt(at))) at += 1;
    const char = text.charAt(at);
    if (char === '') return [...tokens, { kind: 'end', at }];
    if (char === '(' || char === ')' || char === ':') {
      tokens.push({ kind: char, at });
      at += 1;
    } else {
      const { token, next } = char === '"' ? lexQuoted(text, at) : lexBare(text, at);
      tokens.push(token);
      at = next;
    }
  }
}

interface Lexed {
  readonly token: Token;
  /** Where the next token may begin. */
  readonly next: number;
}

/** `"…"`, and the `*` that may follow it directly. */
function lexQuoted(text: string, at: number): Lexed {
  let meant = '';
  let next = at + 1;
  while (text.charAt(next) !== '"') {
    if (next >= text.length) throw new QuerySyntaxError(text, at, 'this double quote is never closed');
    if (isEscape(text, next)) next += 1;
    meant += text.charAt(next);
    next += 1;
  }
  next += 1;
  const prefix = text.charAt(next) === '*';
  return { token: { kind: 'word', at, text: meant, prefix }, next: prefix ? next + 1 : next };
}

/** Everything up to a blank or a reserved character: a keyword, or a word that may end in `*`. */
function lexBare(text: string, at: number): Lexed {
  let meant = '';
  let next = at;
  while (next < text.length && !RESERVED.test(text.charAt(next))) {
    const char = text.charAt(next);
    if (char === '?' || (char === '*' && goesOn(text, next + 1))) {
      const problem = 'the only wildcard is * at the end of a word; to search for the character, use double quotes';
      throw new QuerySyntaxError(text, next, problem);
    }
    if (isEscape(text, next)) next += 1;
    meant += text.charAt(next);
    next += 1;
  }
  if (next === at || (meant === '#' && text.charAt(next) === '"')) {
    const problem = `${text.charAt(at)} has no meaning here; to search for it, put the text in double quotes`;
    throw new QuerySyntaxError(text, at, problem);
  }

  const source = text.slice(at, next);
  const keyword = source.toLowerCase();
  if (keyword === 'and' || keyword === 'or' || keyword === 'not') return { token: { kind: keyword, at }, next };
  if (source === 'in') {
    throw new QuerySyntaxError(text, at, 'in is a reserved word; to search for it, write "in" in double quotes');
  }
  const prefix = source.endsWith('*');
  const word = prefix ? meant.slice(0, -1) : meant;
  return { token: { kind: 'word', at, text: word, prefix }, next };
}

/** Inside and outside of quotes a backslash makes a quote or a backslash plain; before anything else it is one itself. */
function isEscape(text: string, at: number): boolean {
  const following = text.charAt(at + 1);
  return text.charAt(at) === '\\' && (following === '"' || following === '\\');
}

function goesOn(text: string, at: number): boolean {
  return at < text.length && !RESERVED.test(text.charAt(at));
}
