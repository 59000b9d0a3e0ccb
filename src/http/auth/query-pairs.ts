/**
 * The query of a request as signatures see it: decoded pairs. All text here has a character for each byte, as Node gives
 * headers, so that what is not UTF-8 is signed as it was sent.
 */
export interface QueryPair {
  readonly key: string;
  /** Null where the pair has no `=`. */
  readonly value: string | null;
}

/** Form-urlencoded; empty pieces are none. */
export function readQueryPairs(queryText: string): QueryPair[] {
  if (queryText === '') return [];
  return queryText
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const equals = piece.indexOf('=');
      return equals === -1
        ? { key: decodeBytes(piece, true), value: null }
        : { key: decodeBytes(piece.slice(0, equals), true), value: decodeBytes(piece.slice(equals + 1), true) };
    });
}

/** The pairs in the order of their keys; pairs of the same key stay as they were. */
export function sortByKey(pairs: readonly QueryPair[]): QueryPair[] {
  return pairs.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Percent-decodes to a character for each byte. A `%` without two hexadecimal digits is itself. */
export function decodeBytes(text: string, isForm = false): string {
  if (!text.includes('%') && !(isForm && text.includes('+'))) return text;
  const spaced = isForm ? text.replaceAll('+', ' ') : text;
  return spaced.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
