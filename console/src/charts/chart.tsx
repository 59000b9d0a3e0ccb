/** An answer of SQL, as the chart that was chosen or that suits it. */
import './charts.css';
import type { ChartKind } from '../location/place.js';
import { printCount } from '../ui/print-number.js';
import { BarChart } from './bar-chart.js';
import { chooseChart } from './choose-chart.js';
import type { DataTable } from './data-table.js';
import { LineChart } from './line-chart.js';
import { PieChart } from './pie-chart.js';
import { RowsTable } from './rows-table.js';
import { partsOf, seriesOf } from './series.js';

interface Props {
  readonly table: DataTable;
  readonly wanted: ChartKind | null;
}

export function Chart({ table, wanted }: Props) {
  const kind = chooseChart(table, wanted);
  switch (kind) {
    case 'line':
      return <LineChart series={seriesOf(table)} />;
    case 'bar':
      return <BarChart parts={partsOf(table)} />;
    case 'pie':
      return <PieChart parts={partsOf(table)} />;
    case 'number':
      return <Numbers table={table} />;
    case 'table':
      return <RowsTable table={table} />;
  }
}

function Numbers({ table: { columns, rows } }: { readonly table: DataTable }) {
  return (
    <dl className="chart numbers">
      {columns.map(({ name, kind }, at) => (
        <div key={name}>
          <dd>{kind === 'number' ? printCount(Number(rows[0]?.[at])) : rows[0]?.[at]}</dd>
          <dt>{name}</dt>
        </div>
      ))}
    </dl>
  );
}
