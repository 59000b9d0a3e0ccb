/**
 * A log as users get it: one line of JSON, an object of strings. First `__time__` (Unix seconds), `__topic__` and
 * `__source__`, then its tags as `__tag__:name`, then its fields in the order the store keeps them.
 */

import type { LogRow } from '../store/log-table.js';

export type Entry = readonly [key: string, value: string];

/** Without a newline at the end; none is inside either. `added` comes behind the labels. */
export function printLog(row: LogRow, added: readonly Entry[] = []): string {
  return printEntries(logEntries(row, row.seconds, added));
}

/** Keys and values of a log, with `time` as its `__time__`. */
export function logEntries(row: LogRow, time: string, added: readonly Entry[] = []): Entry[] {
  return [
    ['__time__', time],
    ['__topic__', row.topic],
    ['__source__', row.source],
    ...added,
    ...row.tagNames.map((name, i): Entry => [`__tag__:${name}`, row.tagValues[i] ?? '']),
    ...row.fieldNames.map((name, i): Entry => [name, row.fieldValues[i] ?? '']),
  ];
}

/** Written by hand: an object would sort keys such as `7` to the front. */
export function printEntries(entries: readonly Entry[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** A row of SQL in the same form. */
export function printRow(names: readonly string[], values: readonly string[]): string {
  return printEntries(names.map((name, i): Entry => [name, values[i] ?? '']));
}
