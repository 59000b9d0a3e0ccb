/** Rows as CSV (RFC 4180) for a terminal: what it would act on is shown as in JSON. */
import { escapeForTerminal } from './terminal.js';

/** A `'` goes before what a spreadsheet would take for a formula. */
export function printCsvRow(values: readonly string[]): string {
  return `${values.map((value) => quote(escapeForTerminal(disarm(value)))).join(',')}\r\n`;
}

function disarm(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

function quote(value: string): string {
  return /[",]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
