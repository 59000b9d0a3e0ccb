/** A search as a tree. Trees are never changed; every feature of the language is one kind of node or one kind of scope. */

export type Query =
  /** `*` or nothing: every log. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly operands: readonly Query[] }
  | { readonly kind: 'or'; readonly operands: readonly Query[] }
  | { readonly kind: 'not'; readonly operand: Query }
  | Term;

/** A text to be found in a scope. */
export interface Term {
  readonly kind: 'term';
  readonly scope: Scope;
  /** As the user meant it: unquoted, unescaped, without the trailing `*`. */
  readonly text: string;
  /** Ended in `*`: the text may go on. An empty one in a field asks for the field's presence. */
  readonly prefix: boolean;
}

/** Where a term looks. */
export type Scope =
  /** All keys and values of a log, its topic, source and tags included. */
  | { readonly kind: 'anywhere' }
  | { readonly kind: 'topic' }
  | { readonly kind: 'source' }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'field'; readonly name: string };
