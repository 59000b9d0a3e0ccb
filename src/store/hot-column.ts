/**
 * Hot columns: the keys that most logs carry lie in columns of their own, `f_path` for `path`; all others stay in the map
 * `fields`. Asking for one field then reads that field alone, and merging need not sort maps. Users see no difference.
 *
 * Columns come while logs are loaded and searched, by several processes that hear of it at different times. Nothing is lost
 * or shown twice, because
 *
 * - a column is complete for every row from the moment it is there. Its default is the map's entry, so rows of before have
 *   it, and so do rows of a loader that has not heard of it, whose insert does not name it;
 * - a loader takes a key out of the map only when its column has settled: when it has been there for longer than any
 *   statement lasts that was written without it. Such a statement looks into the map, and finds every row it can meet;
 * - where a row has both, the column counts, and the map's entry is not shown;
 * - columns are never dropped, so that what was written with one can always be run.
 *
 * How long a column has been there is told by the store's clock alone, and noted as the column's comment after the change of
 * the table has ended. A column without the note, because its maker died, has not settled; the next round notes it.
 */
import { quoteName } from './quote.js';

/** Every part has files for every column. */
export const COLUMNS_MAX = 200;

const PREFIX = 'f_';

/** ClickHouse takes what is behind a dot for a part of a column (`f_a.null`); no key that may be a column has a colon. */
const DOT = ':';

const KEY = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Longer than a process goes by columns that it read earlier (layout.ts) and a query waits for its turn, which is no longer
 * than it may run: a minute, unless `queryTimeMax` says otherwise. What goes on for longer asks for the table again.
 */
export const SETTLE_SECONDS = 300;

const SINCE = /^since (\d+)$/;

/** Any other key stays in the map, however many logs carry it. */
export function mayBeColumn(key: string): boolean {
  return KEY.test(key);
}

/** As an SQL identifier. */
export function columnOf(key: string): string {
  return quoteName(PREFIX + key.replaceAll('.', DOT));
}

/** The index of its words: word-index.ts. */
export function wordIndexOf(key: string): string {
  return quoteName(`words_${key.replaceAll('.', DOT)}`);
}

/** Null for a column that is none of ours. */
export function keyOf(column: string): string | null {
  if (!column.startsWith(PREFIX)) return null;
  const key = column.slice(PREFIX.length).replaceAll(DOT, '.');
  return mayBeColumn(key) ? key : null;
}

/** Null without the note. */
export function sinceOf(comment: string): number | null {
  const since = SINCE.exec(comment)?.[1];
  return since === undefined ? null : Number(since);
}
