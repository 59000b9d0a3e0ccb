/** A table as lines over time, or as bars and slices with names. */
import { type DataTable, NULL, timeOf } from './data-table.js';

export interface Series {
  readonly name: string;
  /** In the order of time. */
  readonly points: readonly { readonly ms: number; readonly value: number }[];
}

export interface Part {
  readonly name: string;
  readonly value: number;
}

const SERIES_MAX = 8;

/** A line for each column of numbers; where a column of text stands beside them, for each of its values. */
export function seriesOf({ columns, rows }: DataTable): Series[] {
  const time = columns.findIndex(({ kind }) => kind === 'time');
  const label = columns.findIndex(({ kind }) => kind === 'text');
  const numbers = columns.flatMap(({ kind }, at) => (kind === 'number' ? [at] : []));
  const lines = new Map<string, { ms: number; value: number }[]>();
  for (const row of rows) {
    const ms = timeOf(row[time] ?? NULL);
    if (Number.isNaN(ms)) continue;
    for (const at of numbers) {
      const column = columns[at]?.name ?? '';
      const name = label === -1 ? column : numbers.length === 1 ? (row[label] ?? '') : `${row[label]} ${column}`;
      const points = lines.get(name) ?? [];
      points.push({ ms, value: numberOf(row[at]) });
      lines.set(name, points);
    }
  }
  const weight = ({ points }: Series) => points.reduce((sum, { value }) => sum + value, 0);
  return [...lines]
    .map(([name, points]) => ({ name, points: points.sort((a, b) => a.ms - b.ms) }))
    .sort((a, b) => (label === -1 ? 0 : weight(b) - weight(a)))
    .slice(0, SERIES_MAX);
}

/** The first column of numbers, by the first other one. */
export function partsOf({ columns, rows }: DataTable): Part[] {
  const number = columns.findIndex(({ kind }) => kind === 'number');
  const label = columns.findIndex(({ kind }) => kind !== 'number');
  return rows.map((row) => ({ name: row[label] ?? '', value: numberOf(row[number]) }));
}

function numberOf(value = NULL): number {
  const number = Number(value);
  return value === NULL || Number.isNaN(number) ? 0 : number;
}
