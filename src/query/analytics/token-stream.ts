/** Tokens under a parser's hand, and the words it complains in. */
import { type AnalyticsError, syntaxError } from './analytics-error.js';
import { lex, type Token } from './lex.js';

/** Characters of the analytic half. A longer one is a program's mistake; the store's own parser has limits as well. */
export const ANALYTICS_LENGTH_MAX = 16 * 1024;

/** Bounds the size of a tree. */
export const TOKENS_MAX = 4000;

/** Brackets, CASEs, calls and sub-queries within each other; bounds every recursion over a tree. */
export const DEPTH_MAX = 40;

/** Words that are never a name without double quotes, nor an alias without AS. */
const RESERVED = new Set(
  `and as between by case cast cross distinct else end escape except exists extract false for from full group having in inner
  intersect into is join left like limit natural not null on or order outer over right select table then true try_cast union
  unnest using values when where with`.split(/\s+/),
);

export class TokenStream {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  /** Reads `text` from `start` on. Throws AnalyticsError. */
  constructor(text: string, start: number) {
    this.#text = text;
    if (text.length - start > ANALYTICS_LENGTH_MAX) {
      throw syntaxError(text, start, `SQL may have ${ANALYTICS_LENGTH_MAX} characters, not more`);
    }
    this.#tokens = lex(text, start);
    if (this.#tokens.length > TOKENS_MAX) {
      throw syntaxError(text, start, `SQL may have ${TOKENS_MAX} words and symbols, not more`);
    }
  }

  /** Where the next token is. */
  get at(): number {
    return this.peek().at;
  }

  /** The token `ahead` places behind the next one. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('a row of tokens is never empty');
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** Takes these words if they are next, all of them or none. */
  acceptWords(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.isWord(word, i))) return false;
    this.#next += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#next += 1;
    return true;
  }

  expectWord(word: string): void {
    if (!this.acceptWords(word)) throw this.unexpected(word.toUpperCase());
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected(`'${symbol}'`);
  }

  isName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'name' || (token.kind === 'word' && !RESERVED.has(token.text.toLowerCase()));
  }

  acceptName(): string | null {
    if (!this.isName()) return null;
    const token = this.take();
    return token.kind === 'name' || token.kind === 'word' ? token.text : null;
  }

  expectName(what: string): string {
    const name = this.acceptName();
    if (name === null) throw this.unexpected(what);
    return name;
  }

  /** One or more, with commas between. */
  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.acceptSymbol(',')) items.push(read());
    return items;
  }

  /** What `read` reads is a level deeper. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.error(`SQL may be nested ${DEPTH_MAX} deep, not more`);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  unexpected(expected: string): AnalyticsError {
    return this.error(`mismatched input ${printToken(this.peek())}, expecting ${expected}`);
  }

  error(problem: string, at = this.at): AnalyticsError {
    return syntaxError(this.#text, at, problem);
  }
}

function printToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return '<EOF>';
    case 'integer':
    case 'decimal':
      return `'${token.value}'`;
    case 'word':
    case 'name':
    case 'string':
    case 'symbol':
      return `'${token.text.slice(0, 40)}'`;
  }
}
