/** The search that finds logs by one of their own fields. */
import { printName, quote } from './quote.js';

/** Plain, and safe without quotes: most values of web logs. */
const BARE_VALUE = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,79}$/u;
const RESERVED = /^(and|or|not|in)$/i;

/**
 * A search may have 100 words and 16,384 characters, and a value any length. Of a long one the beginning is searched for, up to
 * the end of a word: that still finds the log it came from.
 */
const VALUE_WORDS_MAX = 40;
const VALUE_CHARACTERS_MAX = 2000;

/** Cuts text into words where the service does: docs/query-language.md, "Words". */
const WORD = /[^\s,'";=()[\]{}?@&<>/:]+/g;

/** `event:buy`, `"my field":"a b"` */
export function hasValue(name: string, value: string): string {
  return `${printName(name)}:${printValue(value)}`;
}

/** `buy`, `"a b"` */
export function printValue(value: string): string {
  const text = shorten(value);
  return BARE_VALUE.test(text) && !RESERVED.test(text) ? text : quote(text);
}

export function hasField(name: string): string {
  return `${printName(name)}:*`;
}

function shorten(value: string): string {
  let end = value.length;
  let count = 0;
  for (const word of value.matchAll(WORD)) {
    const wordEnd = word.index + word[0].length;
    if (count === VALUE_WORDS_MAX || wordEnd > VALUE_CHARACTERS_MAX) return value.slice(0, end);
    end = wordEnd;
    count += 1;
  }
  return value.length > VALUE_CHARACTERS_MAX ? value.slice(0, end) : value;
}
