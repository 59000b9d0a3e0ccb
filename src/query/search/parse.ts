/**
 * A search as the user wrote it becomes a tree.
 *
 *   query := [ or ]
 *   or    := and { "or" and }
 *   and   := not { [ "and" ] not }
 *   not   := "not" not | "(" or ")" | term
 *   term  := [ field ":" ] word
 *   field := word | "__tag__" ":" word
 *
 * Every `not` binds to what directly follows it; `a not b` is `a and not b`.
 */
import type { Query, Scope, Term } from './ast.js';
import { lex, type Token } from './lex.js';
import { QuerySyntaxError } from './syntax-error.js';
import { splitWords } from './words.js';

/** Characters of a search. A longer one is a program's mistake; the store's SQL parser has limits of its own. */
export const QUERY_LENGTH_MAX = 16 * 1024;

/** Words of all terms together; each costs the store a pass over the text of every log. */
export const QUERY_WORDS_MAX = 100;

/** Brackets and `not`s within each other; bounds every recursion over a tree. */
export const QUERY_DEPTH_MAX = 50;

const TAG = '__tag__';

type Word = Extract<Token, { kind: 'word' }>;

/** Throws QuerySyntaxError. */
export function parseQuery(text: string): Query {
  if (text.length > QUERY_LENGTH_MAX) {
    throw new QuerySyntaxError(text, QUERY_LENGTH_MAX, `a query may have ${QUERY_LENGTH_MAX} characters, not more`);
  }
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #words = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lex(text);
  }

  parse(): Query {
    if (this.#peek().kind === 'end') return { kind: 'all' };
    const query = this.#or(0);
    if (this.#peek().kind !== 'end') throw this.#expected('"and", "or", "not" or another word');
    return query;
  }

  #or(depth: number): Query {
    const operands = [this.#and(depth)];
    while (this.#accept('or')) operands.push(this.#and(depth));
    return joined('or', operands);
  }

  #and(depth: number): Query {
    const operands = [this.#not(depth)];
    while (this.#accept('and') || this.#startsOperand()) operands.push(this.#not(depth));
    return joined('and', operands);
  }

  #not(depth: number): Query {
    if (depth > QUERY_DEPTH_MAX) {
      throw this.#error(`brackets and "not" may be ${QUERY_DEPTH_MAX} deep, not more`);
    }
    if (this.#accept('not')) return { kind: 'not', operand: this.#not(depth + 1) };
    if (this.#accept('(')) {
      const inner = this.#or(depth + 1);
      if (!this.#accept(')')) throw this.#expected('")"');
      return inner;
    }
    return this.#term();
  }

  #term(): Query {
    const first = this.#word('a word, a quoted text, a field, "not" or "("');
    if (!this.#accept(':')) return this.#anywhere(first);
    const scope = this.#scope(first);
    const value = this.#word('the value of the field');
    if (this.#peek().kind === ':') {
      throw this.#error('one ":" too many; a value or field name that holds a ":" goes in double quotes');
    }
    return this.#counted({ kind: 'term', scope, text: value.text, prefix: value.prefix }, value);
  }

  #anywhere(word: Word): Query {
    if (word.text === '' && word.prefix) return { kind: 'all' };
    if (splitWords(word.text).length === 0) {
      throw this.#error('there is no word to search for: it holds delimiters only', word);
    }
    return this.#counted({ kind: 'term', scope: { kind: 'anywhere' }, text: word.text, prefix: word.prefix }, word);
  }

  /** `name` was followed by a colon. */
  #scope(name: Word): Scope {
    if (name.prefix) throw this.#error('a field name cannot have a wildcard', name);
    if (name.text === TAG) {
      const tag = this.#word('the name of the tag');
      if (tag.prefix) throw this.#error('the name of a tag cannot have a wildcard', tag);
      if (!this.#accept(':')) throw this.#expected('":" and the value of the tag');
      return { kind: 'tag', name: tag.text };
    }
    if (name.text === '') throw this.#error('a field name cannot be empty', name);
    return scopeNamed(name.text);
  }

  #counted(term: Term, word: Word): Term {
    this.#words += Math.max(1, splitWords(term.text).length);
    if (this.#words > QUERY_WORDS_MAX) throw this.#error(`a query may have ${QUERY_WORDS_MAX} words, not more`, word);
    return term;
  }

  #startsOperand(): boolean {
    const { kind } = this.#peek();
    return kind === 'word' || kind === 'not' || kind === '(';
  }

  #word(what: string): Word {
    const token = this.#peek();
    if (token.kind !== 'word') throw this.#expected(what);
    this.#next += 1;
    return token;
  }

  #accept(kind: Token['kind']): boolean {
    if (this.#peek().kind !== kind) return false;
    this.#next += 1;
    return true;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new Error('read past the end of the tokens');
    return token;
  }

  #expected(what: string): QuerySyntaxError {
    const { kind } = this.#peek();
    const found = kind === 'end' ? 'the query ends' : kind === 'word' ? 'there is a word' : `there is "${kind}"`;
    return this.#error(`expected ${what}, but ${found}`);
  }

  #error(problem: string, token: Token = this.#peek()): QuerySyntaxError {
    return new QuerySyntaxError(this.#text, token.at, problem);
  }
}

/** The scope of a field as logs are shown: `__topic__`, `__source__`, `__tag__:name` or a field's own name. */
function scopeNamed(name: string): Scope {
  if (name === '__topic__') return { kind: 'topic' };
  if (name === '__source__') return { kind: 'source' };
  if (name.startsWith(`${TAG}:`)) return { kind: 'tag', name: name.slice(TAG.length + 1) };
  return { kind: 'field', name };
}

function joined(kind: 'and' | 'or', operands: readonly Query[]): Query {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind, operands };
}
