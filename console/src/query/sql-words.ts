/** Words of the SQL behind a `|`, for colours and completion. */

export const SQL_WORDS = [
  ...['select', 'from', 'where', 'group', 'by', 'order', 'having', 'limit', 'offset', 'as', 'and', 'or', 'not', 'in'],
  ...[
    'is',
    'null',
    'like',
    'between',
    'case',
    'when',
    'then',
    'else',
    'end',
    'asc',
    'desc',
    'distinct',
    'with',
    'over',
  ],
  ...['join', 'left', 'inner', 'on', 'union', 'all', 'true', 'false', 'cast', 'interval', 'partition'],
] as const;

const KNOWN: ReadonlySet<string> = new Set(SQL_WORDS);

export function isSqlWord(word: string): boolean {
  return KNOWN.has(word.toLowerCase());
}

/** Functions that are asked for often, with what they take. docs/query-language.md has them all. */
export const SQL_FUNCTIONS: readonly (readonly [name: string, takes: string])[] = [
  ['count', '(*)'],
  ['sum', '(x)'],
  ['avg', '(x)'],
  ['min', '(x)'],
  ['max', '(x)'],
  ['max_by', '(x, y)'],
  ['min_by', '(x, y)'],
  ['arbitrary', '(x)'],
  ['approx_distinct', '(x)'],
  ['approx_percentile', '(x, p)'],
  ['count_if', '(condition)'],
  ['date_trunc', "('minute', __time__)"],
  ['time_series', "(__time__, '1m', '%H:%i', '0')"],
  ['from_unixtime', '(seconds)'],
  ['date_format', '(time, format)'],
  ['coalesce', '(x, …)'],
  ['if', '(condition, yes, no)'],
  ['concat', '(x, …)'],
  ['lower', '(x)'],
  ['length', '(x)'],
  ['substr', '(x, start, length)'],
  ['split_part', '(x, delimiter, n)'],
  ['regexp_extract', '(x, pattern)'],
  ['regexp_like', '(x, pattern)'],
  ['json_extract_scalar', '(json, path)'],
  ['url_extract_host', '(url)'],
  ['url_extract_path', '(url)'],
  ['round', '(x, digits)'],
];
