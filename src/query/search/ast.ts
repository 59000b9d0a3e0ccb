/** A search as a tree. Trees are never changed; a feature of the language is a kind of node, of scope or of test. */

export type Query =
  /** `*` or nothing: every log. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly operands: readonly Query[] }
  | { readonly kind: 'or'; readonly operands: readonly Query[] }
  | { readonly kind: 'not'; readonly operand: Query }
  | Term;

/** Something to be found in a scope. */
export interface Term {
  readonly kind: 'term';
  readonly scope: Scope;
  readonly test: Test;
}

/** Where a term looks. */
export type Scope =
  /** All keys and values of a log, its topic, source and tags included, as far as the index has them. */
  | { readonly kind: 'anywhere' }
  | { readonly kind: 'topic' }
  | { readonly kind: 'source' }
  | { readonly kind: 'tag'; readonly name: string }
  /** `name` may also be a path into a field that holds JSON, as `info.usedTime`. */
  | { readonly kind: 'field'; readonly name: string };

/** What is looked for. All texts are as the user meant them: unquoted and unescaped. */
export type Test =
  /** All words of the text, in any order. */
  | { readonly kind: 'words'; readonly text: string }
  /** All words of the text, one directly behind the other. */
  | { readonly kind: 'phrase'; readonly text: string }
  /** Words of which some characters are open. Begins with a text; no two texts and no two `any` are side by side. */
  | { readonly kind: 'wildcard'; readonly pieces: readonly Piece[] }
  /** The field is there, whatever its value. Never anywhere, as the next two. */
  | { readonly kind: 'present' }
  /** The field is there, and its value is empty. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'range'; readonly range: Range };

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** `*`: any characters of a word, or none. */
  | { readonly kind: 'any' }
  /** `?`: one character. */
  | { readonly kind: 'one' };

/** Numbers from `low` to `high`, at least one of which is given. `= 5` is the range from 5 to 5. */
export interface Range {
  readonly low: Bound | null;
  readonly high: Bound | null;
}

export interface Bound {
  /** A number (see number.ts), in the digits the user gave: not every 64-bit integer is a JavaScript number. */
  readonly number: string;
  readonly isIncluded: boolean;
}
