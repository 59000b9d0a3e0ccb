/** The answer of SQL as a table of columns that say what they hold. */
import type { RowsAnswer } from '../../../src/api/query.js';

export type ColumnKind = 'time' | 'number' | 'text';

export interface DataColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface DataTable {
  readonly columns: readonly DataColumn[];
  /** Printed, in the order of the columns; NULL is `null`. */
  readonly rows: readonly (readonly string[])[];
}

export function tableOf({ meta, rows }: RowsAnswer): DataTable {
  const columns = meta.columns.map(({ name, type }, at) => {
    const values = rows.map((row) => row[at] ?? NULL).filter((value) => value !== NULL);
    return { name, kind: kindOf(name, type, values) };
  });
  return { columns, rows };
}

export const NULL = 'null';

const NUMBERS = /^(bigint|integer|smallint|tinyint|double|real|decimal)/;
const TIMES = /^(timestamp|date)/;

/** `2026-11-22`, `2026-11-22 10:05`, `2026-11-22T10:05:30.000` */
const PRINTED_TIME = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?( ?UTC|Z)?$/;

function kindOf(name: string, type: string, values: readonly string[]): ColumnKind {
  if (TIMES.test(type)) return 'time';
  if (values.length > 0 && values.every((value) => PRINTED_TIME.test(value))) return 'time';
  if (NUMBERS.test(type)) return name === '__time__' ? 'time' : 'number';
  return 'text';
}

/** Unix milliseconds; NaN for what is no time. Texts without a zone are of UTC, as SQL has them. */
export function timeOf(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const [date = '', clock = '00:00'] = value.replace(/ ?UTC$|Z$/, '').split(/[ T]/);
  return Date.parse(`${date}T${clock}Z`);
}
