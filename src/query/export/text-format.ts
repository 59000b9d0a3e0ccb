/** NDJSON and CSV: a log as a line of text. */
import { logEntries, printEntries } from '../log-row.js';
import type { ExportRow } from './statements.js';
import type { ExportTask } from './task.js';

export interface TextFormat {
  /** Comes before the first line. */
  readonly head: string;
  printLine(row: ExportRow): string;
}

/** CSV needs columns. */
export function textFormat(task: Pick<ExportTask, 'format' | 'columns' | 'zone' | 'formulaSafe'>): TextFormat {
  const entriesOf = (row: ExportRow) => logEntries(row, task.zone === null ? row.seconds : printZoned(row.zoned));
  const { columns } = task;
  if (task.format === 'csv') {
    const print = (values: readonly string[]) => printCsvLine(values, task.formulaSafe);
    return {
      head: print(columns ?? []),
      printLine: (row) => print(pick(entriesOf(row), columns ?? []).map((v) => v ?? '')),
    };
  }
  if (columns === null) return { head: '', printLine: (row) => `${printEntries(entriesOf(row))}\n` };
  return {
    head: '',
    printLine(row) {
      const values = pick(entriesOf(row), columns);
      return `${printEntries(columns.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]]])))}\n`;
    },
  };
}

/** Of two entries of the same name the first: a field cannot hide the time. */
function pick(entries: readonly (readonly [string, string])[], columns: readonly string[]): (string | undefined)[] {
  const byName = new Map<string, string>();
  for (const [name, value] of entries) if (!byName.has(name)) byName.set(name, value);
  return columns.map((name) => byName.get(name));
}

/** RFC 4180. */
function printCsvLine(values: readonly string[], isSafe: boolean): string {
  return `${values.map((value) => quoteCsv(isSafe ? disarm(value) : value)).join(',')}\r\n`;
}

function quoteCsv(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Spreadsheets run what begins so, in quotes or not; behind a `'` it is text to them. */
function disarm(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

/** ISO 8601 has a colon in the offset: `2026-11-22T18:00:00.123456+08:00`. */
function printZoned(zoned: string): string {
  return `${zoned.slice(0, -2)}:${zoned.slice(-2)}`;
}
