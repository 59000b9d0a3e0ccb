/** What a search is cut into before it is understood. */
import type { Piece } from './ast.js';

/** `at` is an index into the text of the search. */
export type Token = { readonly at: number } & (
  | Word
  | { readonly kind: 'comparison'; readonly sign: Comparison }
  | { [Kind in Sign]: { readonly kind: Kind } }[Sign]
);

type Sign = 'and' | 'or' | 'not' | 'in' | '(' | ')' | '[' | ']' | ':' | 'end';

export type Comparison = '>' | '>=' | '<' | '<=' | '=';

export interface Word {
  readonly kind: 'word';
  /** Unquoted and unescaped; wildcards are left out. */
  readonly text: string;
  readonly form: 'bare' | 'quoted' | 'phrase';
  /** Null without a wildcard. Of a lone `*` it is just that. */
  readonly pieces: readonly Piece[] | null;
}

export interface Lexed {
  readonly token: Token;
  /** Where the next token may begin. */
  readonly next: number;
}
