/**
 * A log as users get it: one line of JSON, an object of strings. First `__time__` (Unix seconds), `__topic__` and
 * `__source__`, then its tags as `__tag__:name`, then its fields in the order the store keeps them.
 */

/** What a statement selects to show a log; `LogRow` is what comes back. None of the names hides a column. */
export const LOG_COLUMNS = [
  'toString(toUnixTimestamp64Second(time)) AS seconds',
  'topic',
  'source',
  'mapKeys(tags) AS tagNames',
  'mapValues(tags) AS tagValues',
  'mapKeys(fields) AS fieldNames',
  'mapValues(fields) AS fieldValues',
].join(', ');

/** Keys and values come apart, because an object would sort keys such as `7` to the front. */
export interface LogRow {
  readonly seconds: string;
  readonly topic: string;
  readonly source: string;
  readonly tagNames: readonly string[];
  readonly tagValues: readonly string[];
  readonly fieldNames: readonly string[];
  readonly fieldValues: readonly string[];
}

/** Without a newline at the end; none is inside either. */
export function printLog(row: LogRow): string {
  const entries = [
    printEntry('__time__', row.seconds),
    printEntry('__topic__', row.topic),
    printEntry('__source__', row.source),
    ...row.tagNames.map((name, i) => printEntry(`__tag__:${name}`, row.tagValues[i])),
    ...row.fieldNames.map((name, i) => printEntry(name, row.fieldValues[i])),
  ];
  return `{${entries.join(',')}}`;
}

function printEntry(key: string, value = ''): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
