/**
 * Finds out by little reading which logs may have a word. Every column that is searched has a Bloom filter of its words for
 * every so many rows; one filter over all columns would force every merge to write whole rows instead of columns.
 *
 * The filters know words as runs of ASCII letters, digits and whatever is not ASCII, in small letters. A word of a search may
 * be several of these (`10.0.0.7`), and then a text that has the word has each of them. Filters only ever help: what they say
 * stands beside the exact condition, and follows from it.
 *
 * Where values repeat, only merges build filters. Reading such a column in a young part is cheap, since the engine looks at
 * each value of its dictionary once, but a filter is made from every row: they would be most of what filters cost an insert.
 */
import { columnOf, wordIndexOf } from './hot-column.js';
import type { Bind } from './parameters.js';

/** Fewer than this many bits for a word, and filters let through much; these let through 4 of 1000. */
const BITS_PER_WORD = 12;
const HASHES = 6;
const FILTER_BYTES_MIN = 256;
const FILTER_BYTES_MAX = 128 * 1024;

/** Granules, of 8192 rows, that share a filter: a lookup takes as long for a small filter as for a large one. */
const GRANULES = 4;
export const FILTER_ROWS = GRANULES * 8192;

/** An index over a column for a key that has so many different words in the logs of a filter. */
export function addWordIndex(key: string, words: number): string {
  const bytes = Math.min(FILTER_BYTES_MAX, Math.max(FILTER_BYTES_MIN, Math.ceil((words * BITS_PER_WORD) / 8)));
  const type = `tokenbf_v1(${bytes}, ${HASHES}, 0)`;
  return `ADD INDEX IF NOT EXISTS ${wordIndexOf(key)} ${columnWords(key)} TYPE ${type} GRANULARITY ${GRANULES}`;
}

/** Names of indexes, as a setting of the engine has them; `keys` are those whose values repeat. */
export function indexesLeftToMerges(keys: readonly string[]): string {
  return ['words_topic', ...keys.map(wordIndexOf)].join(', ');
}

/** What the words of a column are taken from: an index is used where a condition has exactly its expression. */
function columnWords(key: string): string {
  return `lowerUTF8(ifNull(${columnOf(key)}, ''))`;
}

/** These have their indexes from the schema. */
const OTHERS = ['topic', 'source', ...['tags', 'fields'].map(mapEntries)].map((text) => `lowerUTF8(${text})`);

function mapEntries(map: string): string {
  return `arrayStringConcat(arrayConcat(mapKeys(${map}), mapValues(${map})), '\\n')`;
}

/** A condition on a column's field; null where filters cannot help. */
export function columnMayHave(key: string, word: string, bind: Bind): string | null {
  const tokens = splitTokens(word);
  return tokens.length === 0
    ? null
    : hasTokens(
        columnWords(key),
        tokens.map((token) => bind(token)),
      );
}

/** More logs than this, and looking them up one by one would be no help. */
const HITS_MAX = 1000;

/**
 * A condition on whole logs, of those that are `within`; null where filters cannot help.
 *
 * The engine prunes by conditions that are all to be met, but not well by alternatives. So each column is asked for the
 * times of its hits, and these, if they are few, become a condition on the table's key. If they are many, the first of
 * them tell: the condition is then true of all.
 */
export function logMayHave(keys: readonly string[], word: string, within: string, bind: Bind): string | null {
  const tokens = splitTokens(word);
  if (tokens.length === 0 || keys.some((key) => isPartOf(key, tokens))) return null;
  const placeholders = tokens.map((token) => bind(token));
  const hits = [...keys.map(columnWords), ...OTHERS].map(
    (words) => `SELECT time FROM logs WHERE ${within} AND ${hasTokens(words, placeholders)}`,
  );
  const times = `SELECT groupArray(time) FROM (SELECT time FROM (${hits.join(' UNION ALL ')}) LIMIT ${HITS_MAX + 1})`;
  // Named for its first parameter, which no other condition has.
  const name = `hits_${placeholders[0]?.replace(/\W/g, '')}`;
  return `(length((${times}) AS ${name}) > ${HITS_MAX} OR has(${name}, time))`;
}

function hasTokens(words: string, placeholders: readonly string[]): string {
  return placeholders.map((placeholder) => `hasToken(${words}, lowerUTF8(${placeholder}))`).join(' AND ');
}

/** Names of columns are searched as well, but no filter has them. */
function isPartOf(key: string, tokens: readonly string[]): boolean {
  const ofKey = splitTokens(key.toLowerCase());
  return tokens.every((token) => ofKey.includes(token.toLowerCase()));
}

/**
 * Without those whose small letters may depend on what stands beside them, as a sigma's do: of what is not ASCII, nothing
 * may have a case.
 */
function splitTokens(word: string): string[] {
  const tokens = word.match(/[A-Za-z0-9\u{80}-\u{10ffff}]+/gu) ?? [];
  return tokens.filter((token) => ![...token].some((char) => char > '\x7f' && hasCase(char)));
}

function hasCase(char: string): boolean {
  return char.toLowerCase() !== char.toUpperCase();
}
