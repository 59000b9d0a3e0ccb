/**
 * One term as SQL, always in brackets.
 *
 * Topic, source and tags are labels and compared as wholes. Any other text is searched by words: its delimiters become
 * newlines and its letters small, so that a word is found by one substring search for `\nword\n`, and the beginning of
 * one by `\nword`. On logs of 20 fields that costs a third more than reading and joining them; cutting the text into an array of
 * words costs sixteen times as much. Both sides are lowered by the engine, which knows more letters than A to Z.
 */

import type { Bind } from '../../store/parameters.js';
import type { Term } from '../search/ast.js';
import { DELIMITERS, splitWords } from '../search/words.js';
import type { CompileContext } from './compile.js';

export function termCondition({ scope, text, prefix }: Term, context: CompileContext): string {
  const { table, bind } = context;
  switch (scope.kind) {
    case 'anywhere':
      return wordsCondition(table.everything, text, prefix, bind);
    case 'topic':
      return labelCondition('topic', text, prefix, bind);
    case 'source':
      return labelCondition('source', text, prefix, bind);
    case 'tag':
      return tagCondition(scope.name, text, prefix, bind);
    case 'field':
      return fieldCondition(scope.name, text, prefix, context);
  }
}

/**
 * A field's value has all the words; a missing field is an empty map value and has none. Where the user gave no word but
 * delimiters or nothing (`path:"/"`, `referrer:""`, `path:*`), the value is compared as a whole.
 */
function fieldCondition(name: string, text: string, prefix: boolean, { table, bind }: CompileContext): string {
  const { value, isPresent } = table.field(name, bind);
  if (splitWords(text).length > 0) return wordsCondition(value, text, prefix, bind);
  return `(${isPresent} AND ${labelCondition(value, text, prefix, bind)})`;
}

/** Without the first half, a missing tag would equal ''. */
function tagCondition(name: string, text: string, prefix: boolean, bind: Bind): string {
  const placeholder = bind(name);
  return `(mapContainsKey(tags, ${placeholder}) AND ${labelCondition(`tags[${placeholder}]`, text, prefix, bind)})`;
}

function labelCondition(sql: string, text: string, prefix: boolean, bind: Bind): string {
  return prefix ? `(startsWith(${sql}, ${bind(text)}))` : `(${sql} = ${bind(text)})`;
}

/** All words of `text` occur in the SQL text, in any order. With `prefix` the last one may go on. */
function wordsCondition(sql: string, text: string, prefix: boolean, bind: Bind): string {
  const haystack = `concat('\\n', lowerUTF8(translate(${sql}, ${DELIMITERS_SQL}, ${NEWLINES_SQL})), '\\n')`;
  const words = splitWords(text);
  // Behind a delimiter (`/api/*`) it is a new word that may go on from nothing: there is nothing to check.
  const open = prefix && !DELIMITERS.includes(text.slice(-1));
  const needles = words.map((word, i) => (open && i === words.length - 1 ? `\n${word}` : `\n${word}\n`));
  return `(${needles.map((needle) => `position(${haystack}, lowerUTF8(${bind(needle)})) > 0`).join(' AND ')})`;
}

const DELIMITERS_SQL = sqlString(DELIMITERS);
const NEWLINES_SQL = sqlString('\n'.repeat(DELIMITERS.length));

/** A constant of ours as an SQL string. */
function sqlString(text: string): string {
  const escaped = text
    .replace(/['\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
  return `'${escaped}'`;
}
