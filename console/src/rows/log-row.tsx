import { memo } from 'react';
import type { RowView } from '../location/place.js';
import { printInstant } from '../time/print-time.js';
import type { Zone } from '../time/zone.js';
import { type ColumnWidths, widthStyle } from './column-widths.js';
import { layOutJson } from './json-value.js';
import { type Row, summaryOf } from './row.js';
import { toneOf } from './tone.js';

interface Props {
  readonly row: Row;
  readonly rowIndex: number;
  readonly view: RowView;
  readonly columns: readonly string[];
  readonly widths: ColumnWidths;
  readonly zone: Zone;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
}

/** Log values are written by strangers: they are only ever text here. */
export const LogRow = memo(function LogRow({
  row,
  rowIndex,
  view,
  columns,
  widths,
  zone,
  isSelected,
  onSelect,
}: Props) {
  const time = printInstant(row.timeMs, zone);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys move and open rows from anywhere on the page (found-logs.tsx)
    <div
      role="row"
      className={`log-row ${toneOf(row) ?? ''}`}
      aria-rowindex={rowIndex + 1}
      aria-selected={isSelected}
      onClick={() => {
        // Marking text to copy it is no click.
        if (window.getSelection()?.type !== 'Range') onSelect(row.id);
      }}
    >
      <span role="cell" className="log-time">
        <time dateTime={new Date(row.timeMs).toISOString()}>
          <span className="log-date">{time.slice(0, 11)}</span>
          {time.slice(11)}
        </time>
      </span>
      {view === 'table' ? <Cells row={row} columns={columns} widths={widths} /> : <Whole row={row} view={view} />}
    </div>
  );
});

function Cells({ row, columns, widths }: Pick<Props, 'row' | 'columns' | 'widths'>) {
  if (columns.length === 0) {
    return (
      <span role="cell" className="log-cell log-summary">
        <Pairs row={row} />
      </span>
    );
  }
  return columns.map((column) => (
    <span role="cell" className="log-cell" style={widthStyle(widths[column])} key={column}>
      {cut(row.log[column] ?? '')}
    </span>
  ));
}

/** In one line nobody reads so far, and the browser lays out every character of it. */
const SHOWN_MAX = 400;

function cut(value: string): string {
  return value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value;
}

function Pairs({ row }: { readonly row: Row }) {
  let room = SHOWN_MAX;
  return summaryOf(row).map(([name, value]) => {
    if (room <= 0) return null;
    room -= name.length + value.length + 2;
    return (
      <span className="log-pair" key={name}>
        <span className="log-name">{cut(name)}</span>={cut(value)}
      </span>
    );
  });
}

function Whole({ row, view }: { readonly row: Row; readonly view: RowView }) {
  return (
    <span role="cell" className="log-cell log-whole">
      {view === 'json' ? layOutLog(row) : JSON.stringify(row.log)}
    </span>
  );
}

/** Fields that are JSON themselves are opened up. */
function layOutLog({ log }: Row): string {
  const lines = Object.entries(log).map(([name, value]) => {
    const inner = layOutJson(value)?.replaceAll('\n', '\n  ');
    return `  ${JSON.stringify(name)}: ${inner ?? JSON.stringify(value)}`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}
