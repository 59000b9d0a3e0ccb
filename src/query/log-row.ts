/**
 * A log as users get it: one line of JSON, an object of strings. First `__time__` (Unix seconds), `__topic__` and
 * `__source__`, then its tags as `__tag__:name`, then its fields in the order the store keeps them.
 */

import type { LogRow } from '../store/log-table.js';

/** Without a newline at the end; none is inside either. `added` comes behind the labels. */
export function printLog(row: LogRow, added: readonly (readonly [key: string, value: string])[] = []): string {
  const entries = [
    printEntry('__time__', row.seconds),
    printEntry('__topic__', row.topic),
    printEntry('__source__', row.source),
    ...added.map(([key, value]) => printEntry(key, value)),
    ...row.tagNames.map((name, i) => printEntry(`__tag__:${name}`, row.tagValues[i])),
    ...row.fieldNames.map((name, i) => printEntry(name, row.fieldValues[i])),
  ];
  return `{${entries.join(',')}}`;
}

function printEntry(key: string, value = ''): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
