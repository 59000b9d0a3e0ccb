/**
 * One term of a search.
 *
 *   term  := value | field ":" value | field range
 *   field := word | "__tag__" ":" word
 *   value := word | "quoted" [ "*" ] | #"phrase"
 *
 * Ranges: parse-range.ts
 */
import type { Query, Scope, Test } from './ast.js';
import { isLoneStar } from './lex-word.js';
import { parseRange, startsRange } from './parse-range.js';
import type { Token, Word } from './token.js';
import type { TokenReader } from './token-reader.js';

/** Characters of a value with wildcards. SLS: 64. */
export const WILDCARD_LENGTH_MAX = 64;

const TAG = '__tag__';

/** A lone `*` is every log, which is not a term. Throws QuerySyntaxError. */
export function parseTerm(tokens: TokenReader): Query {
  const first = tokens.word('a word, a quoted text, a field, "not" or "("');
  const next = tokens.peek();
  if (next.kind !== ':' && !startsRange(next)) return anywhere(tokens, first);
  const scope = parseScope(tokens, first);
  const range = parseRange(tokens);
  if (range !== null) return { kind: 'term', scope, test: { kind: 'range', range } };
  if (!tokens.accept(':')) throw tokens.expected('":" and the value of the tag');
  return { kind: 'term', scope, test: parseValue(tokens) };
}

function anywhere(tokens: TokenReader, word: Word & Token): Query {
  if (isLoneStar(word.pieces)) return { kind: 'all' };
  if (word.text === '') throw tokens.error('there is no word to search for', word);
  return { kind: 'term', scope: { kind: 'anywhere' }, test: textTest(tokens, word) };
}

/** Of a field. */
function parseValue(tokens: TokenReader): Test {
  const value = tokens.word('the value of the field');
  const next = tokens.peek();
  if (next.kind === ':') {
    throw tokens.error('one ":" too many; a value or field name that holds a ":" goes in double quotes', next);
  }
  if (next.kind === 'comparison') {
    throw tokens.error(`a value that holds a "${next.sign}" goes in double quotes`, next);
  }
  if (isLoneStar(value.pieces)) return { kind: 'present' };
  if (value.text === '' && value.pieces === null) return { kind: 'empty' };
  return textTest(tokens, value);
}

function textTest(tokens: TokenReader, word: Word & Token): Test {
  const { pieces, text, form } = word;
  if (pieces === null) return { kind: form === 'phrase' ? 'phrase' : 'words', text };
  if (text.length + pieces.filter(({ kind }) => kind !== 'text').length > WILDCARD_LENGTH_MAX) {
    throw tokens.error(`a value with wildcards may have ${WILDCARD_LENGTH_MAX} characters, not more`, word);
  }
  return { kind: 'wildcard', pieces };
}

/** `name` is followed by a colon or a range. A tag's own name, and no more than it, is read too. */
function parseScope(tokens: TokenReader, name: Word & Token): Scope {
  refuseAsName(tokens, name, 'a field name');
  if (name.text === TAG && tokens.accept(':')) {
    const tag = tokens.word('the name of the tag');
    refuseAsName(tokens, tag, 'the name of a tag');
    return { kind: 'tag', name: tag.text };
  }
  return scopeNamed(name);
}

function refuseAsName(tokens: TokenReader, word: Word & Token, what: string): void {
  if (word.pieces !== null) throw tokens.error(`${what} cannot have a wildcard`, word);
  if (word.form === 'phrase') throw tokens.error(`${what} cannot be a phrase`, word);
  if (word.text === '') throw tokens.error(`${what} cannot be empty`, word);
}

/**
 * The scope of a field as logs are shown: `__topic__`, `__source__`, `__tag__:name` or a field's own name. `source` is short
 * for `__source__`; a field that is called so itself goes in quotes.
 */
function scopeNamed({ text, form }: Word): Scope {
  if (text === '__topic__') return { kind: 'topic' };
  if (text === '__source__' || (text === 'source' && form === 'bare')) return { kind: 'source' };
  if (text.startsWith(`${TAG}:`)) return { kind: 'tag', name: text.slice(TAG.length + 1) };
  return { kind: 'field', name: text };
}
