/**
 * A search as the user wrote it becomes a tree.
 *
 *   query := [ or ]
 *   or    := and { "or" and }
 *   and   := not { [ "and" ] not }
 *   not   := "not" not | "(" or ")" | term
 *
 * Every `not` binds to what directly follows it; `a not b` is `a and not b`. Terms: parse-term.ts
 */
import type { Query } from './ast.js';
import { parseTerm } from './parse-term.js';
import { QuerySyntaxError } from './syntax-error.js';
import { TokenReader } from './token-reader.js';

/** Characters of a search. A longer one is a program's mistake; the store's SQL parser has limits of its own. */
export const QUERY_LENGTH_MAX = 16 * 1024;

/** Terms of a search. SLS: 30. */
export const QUERY_TERMS_MAX = 30;

/** Brackets and `not`s within each other; bounds every recursion over a tree. */
export const QUERY_DEPTH_MAX = 50;

/** Throws QuerySyntaxError. */
export function parseQuery(text: string): Query {
  if (text.length > QUERY_LENGTH_MAX) {
    throw new QuerySyntaxError(text, QUERY_LENGTH_MAX, `a query may have ${QUERY_LENGTH_MAX} characters, not more`);
  }
  return new Parser(new TokenReader(text)).parse();
}

class Parser {
  readonly #tokens: TokenReader;
  #terms = 0;

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
  }

  parse(): Query {
    if (this.#tokens.peek().kind === 'end') return { kind: 'all' };
    const query = this.#or(0);
    if (this.#tokens.peek().kind !== 'end') throw this.#tokens.expected('"and", "or", "not" or another word');
    return query;
  }

  #or(depth: number): Query {
    const operands = [this.#and(depth)];
    while (this.#tokens.accept('or')) operands.push(this.#and(depth));
    return joined('or', operands);
  }

  #and(depth: number): Query {
    const operands = [this.#not(depth)];
    while (this.#tokens.accept('and') || this.#startsOperand()) operands.push(this.#not(depth));
    return joined('and', operands);
  }

  #not(depth: number): Query {
    const tokens = this.#tokens;
    if (depth > QUERY_DEPTH_MAX) {
      throw tokens.error(`brackets and "not" may be ${QUERY_DEPTH_MAX} deep, not more`, tokens.peek());
    }
    if (tokens.accept('not')) return { kind: 'not', operand: this.#not(depth + 1) };
    if (tokens.accept('(')) {
      const inner = this.#or(depth + 1);
      if (!tokens.accept(')')) throw tokens.expected('")"');
      return inner;
    }
    return this.#term();
  }

  #term(): Query {
    const first = this.#tokens.peek();
    const term = parseTerm(this.#tokens);
    this.#terms += 1;
    if (this.#terms > QUERY_TERMS_MAX) {
      throw this.#tokens.error(`a query may have ${QUERY_TERMS_MAX} terms, not more`, first);
    }
    return term;
  }

  #startsOperand(): boolean {
    const { kind } = this.#tokens.peek();
    return kind === 'word' || kind === 'not' || kind === '(';
  }
}

function joined(kind: 'and' | 'or', operands: readonly Query[]): Query {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind, operands };
}
