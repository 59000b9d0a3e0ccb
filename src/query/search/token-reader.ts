/** Walks over the tokens of a search, and says what was expected where they go wrong. */
import { lex } from './lex.js';
import { QuerySyntaxError } from './syntax-error.js';
import type { Token, Word } from './token.js';

export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lex(text);
  }

  peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new Error('read past the end of the tokens');
    return token;
  }

  /** Steps over the next token if it is of this kind. */
  accept<Kind extends Token['kind']>(kind: Kind): Extract<Token, { kind: Kind }> | null {
    const token = this.peek();
    if (!isOfKind(token, kind)) return null;
    this.#next += 1;
    return token;
  }

  word(expected: string): Word & Token {
    const token = this.accept('word');
    if (token === null) throw this.expected(expected);
    return token;
  }

  expected(what: string): QuerySyntaxError {
    const token = this.peek();
    return this.error(`expected ${what}, but ${describe(token)}`, token);
  }

  error(problem: string, { at }: Token): QuerySyntaxError {
    return new QuerySyntaxError(this.#text, at, problem);
  }
}

function isOfKind<Kind extends Token['kind']>(token: Token, kind: Kind): token is Extract<Token, { kind: Kind }> {
  return token.kind === kind;
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the query ends';
    case 'word':
      return 'there is a word';
    case 'comparison':
      return `there is "${token.sign}"`;
    case 'and':
    case 'or':
    case 'not':
    case 'in':
      return `there is "${token.kind}", which stands in double quotes when it is searched for`;
    default:
      return `there is "${token.kind}"`;
  }
}
