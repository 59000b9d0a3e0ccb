import type { DragEvent } from 'react';
import { useText } from '../i18n/text.js';
import { IconButton } from '../ui/icon-button.js';
import { type ColumnWidths, widthStyle } from './column-widths.js';
import { moveColumn, removeColumn } from './columns.js';
import { ResizeHandle } from './resize-handle.js';

interface Props {
  readonly columns: readonly string[];
  readonly widths: ColumnWidths;
  readonly onColumns: (columns: readonly string[]) => void;
  readonly onResize: (column: string, width: number | null) => void;
}

/** Names of the columns. They are moved by dragging, or with their buttons. */
export function ColumnHeads({ columns, widths, onColumns, onResize }: Props) {
  const t = useText();
  const drop = (event: DragEvent, index: number) => {
    event.preventDefault();
    const dragged = event.dataTransfer.getData(DRAGGED);
    if (columns.includes(dragged)) onColumns(moveColumn(columns, dragged, index));
  };
  return (
    <div role="row" className="log-row log-heads">
      <span role="columnheader" className="log-time">
        {t.rows.time}
      </span>
      {columns.length === 0 && (
        <span role="columnheader" className="log-cell log-summary">
          {t.rows.log}
        </span>
      )}
      {columns.map((column, index) => (
        <span
          role="columnheader"
          key={column}
          className="log-cell log-head"
          style={widthStyle(widths[column])}
          draggable
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED, column)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => drop(event, index)}
        >
          <span className="log-head-name">{column}</span>
          {index > 0 && (
            <IconButton
              icon="left"
              size="small"
              label={t.rows.moveLeft(column)}
              onClick={() => onColumns(moveColumn(columns, column, index - 1))}
            />
          )}
          <IconButton
            icon="close"
            size="small"
            label={t.rows.removeColumn(column)}
            onClick={() => onColumns(removeColumn(columns, column))}
          />
          <ResizeHandle column={column} onResize={(width) => onResize(column, width)} />
        </span>
      ))}
    </div>
  );
}

const DRAGGED = 'text/x-logboom-column';
