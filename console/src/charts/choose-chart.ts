/** Which charts can show a table, the most telling first. */
import type { ChartKind } from '../location/place.js';
import type { DataTable } from './data-table.js';

/** More slices or bars than these tell nothing. */
const SLICES_MAX = 12;
const BARS_MAX = 60;

export function chartsFor({ columns, rows }: DataTable): ChartKind[] {
  const has = (kind: 'time' | 'number' | 'text') => columns.some((column) => column.kind === kind);
  const isNumber = rows.length === 1 && columns.some(({ kind }) => kind === 'number');
  const isLine = has('time') && has('number') && rows.length > 1;
  const isBar = has('number') && (has('text') || has('time')) && rows.length > 1 && rows.length <= BARS_MAX;
  const isPie = has('number') && has('text') && rows.length > 1 && rows.length <= SLICES_MAX;
  return [
    ...(isNumber && !has('time') ? (['number'] as const) : []),
    ...(isLine ? (['line'] as const) : []),
    ...(isBar ? (['bar'] as const) : []),
    ...(isPie ? (['pie'] as const) : []),
    'table',
  ];
}

/** The wanted one if it can show the table; else the most telling one. */
export function chooseChart(table: DataTable, wanted: ChartKind | null): ChartKind {
  const possible = chartsFor(table);
  return possible.find((kind) => kind === wanted) ?? possible[0] ?? 'table';
}
