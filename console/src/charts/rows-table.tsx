import { useState } from 'react';
import { useText } from '../i18n/text.js';
import { Icon } from '../ui/icon.js';
import { type DataTable, NULL } from './data-table.js';

/** The rows themselves. They come in the order of the answer; a click on a head sorts them. */
export function RowsTable({ table: { columns, rows } }: { readonly table: DataTable }) {
  const t = useText();
  const [sort, setSort] = useState<{ readonly at: number; readonly isDown: boolean } | null>(null);
  const sorted = sort === null ? rows : sortRows(rows, sort.at, columns[sort.at]?.kind === 'number', sort.isDown);
  return (
    <div className="data-scroll chart">
      <table className="data">
        <thead>
          <tr>
            {columns.map(({ name, kind }, at) => (
              <th key={name} className={kind === 'number' ? 'number' : ''} aria-sort={ariaSort(sort, at)}>
                <button
                  type="button"
                  className="head-button"
                  title={t.charts.sort(name)}
                  onClick={() => setSort({ at, isDown: sort?.at === at ? !sort.isDown : kind === 'number' })}
                >
                  {name}
                  {sort?.at === at && <Icon name={sort.isDown ? 'down' : 'up'} size={12} />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names, and two may be the same
            <tr key={index}>
              {columns.map(({ name, kind }, at) => (
                <td key={name} className={`mono ${kind === 'number' ? 'number' : ''}`}>
                  {row[at] === NULL ? <span className="null">NULL</span> : row[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ariaSort(sort: { readonly at: number; readonly isDown: boolean } | null, at: number) {
  if (sort?.at !== at) return 'none';
  return sort.isDown ? 'descending' : 'ascending';
}

function sortRows(rows: DataTable['rows'], at: number, isNumber: boolean, isDown: boolean): DataTable['rows'] {
  const compare = (a: string, b: string) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
  const sorted = rows.toSorted((a, b) => compare(a[at] ?? '', b[at] ?? ''));
  return isDown ? sorted.toReversed() : sorted;
}
