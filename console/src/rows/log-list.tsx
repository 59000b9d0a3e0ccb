/** Logs, however many: only those in sight are in the page. */
import './log-list.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../i18n/text.js';
import type { RowView } from '../location/place.js';
import { usePreferences } from '../preferences/preferences.js';
import type { Zone } from '../time/zone.js';
import { ColumnHeads } from './column-heads.js';
import { useColumnWidths } from './column-widths.js';
import { LogRow } from './log-row.js';
import type { Row } from './row.js';

export interface LogListProps {
  readonly rows: readonly Row[];
  readonly view: RowView;
  readonly columns: readonly string[];
  readonly isWrapped: boolean;
  readonly zone: Zone;
  /** Id of the log whose details are open. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  readonly onColumns: (columns: readonly string[]) => void;
  /** What comes behind the last row. */
  readonly end: ReactNode;
  /** The end came into sight. */
  readonly onEnd?: () => void;
  readonly onScroll?: (isAtTop: boolean) => void;
  /** Counts up to scroll to the top. */
  readonly topCount?: number;
}

/** In pixels; log-list.css has the same. */
const ROW_HEIGHTS = { comfortable: 27, compact: 21 } as const;

const HEAD_HEIGHT = 27;

/** In sight of the end this many rows before it. */
const END_ROWS = 20;

export function LogList(props: LogListProps) {
  const {
    rows,
    view,
    columns,
    isWrapped,
    zone,
    selected,
    onSelect,
    onColumns,
    end,
    onEnd,
    onScroll,
    topCount = 0,
  } = props;
  const t = useText();
  const { widths, resize } = useColumnWidths();
  const { density } = usePreferences();
  const rowHeight = ROW_HEIGHTS[density];
  const scroller = useRef<HTMLDivElement>(null);
  const isTable = view === 'table';
  // The heads stand above the first row, and over it once one has scrolled.
  const headHeight = isTable ? HEAD_HEIGHT : 0;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const items = virtualizer.getVirtualItems();
  const isMeasured = isWrapped || view === 'json';

  const lastIndex = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows.length > 0 && lastIndex >= rows.length - END_ROWS) onEnd?.();
  }, [lastIndex, rows.length, onEnd]);

  // Heights of another view are of no use.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the effect is about these changing
  useEffect(() => virtualizer.measure(), [isMeasured, view, density, virtualizer]);

  const selectedIndex = selected === null ? -1 : rows.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (selectedIndex >= 0) virtualizer.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selectedIndex, virtualizer]);

  useEffect(() => {
    if (topCount > 0) scroller.current?.scrollTo({ top: 0 });
  }, [topCount]);

  return (
    <div
      className={`log-list ${view} ${density} ${isWrapped ? 'wrapped' : ''}`}
      ref={scroller}
      onScroll={(event) => onScroll?.(event.currentTarget.scrollTop < rowHeight)}
    >
      <div role="table" aria-label={t.rows.label} aria-rowcount={rows.length} className="log-grid">
        {isTable && <ColumnHeads columns={columns} widths={widths} onColumns={onColumns} onResize={resize} />}
        <div role="rowgroup" className="log-rows" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <div
                  key={key}
                  className="log-slot"
                  data-index={index}
                  ref={isMeasured ? virtualizer.measureElement : undefined}
                  style={{ transform: `translateY(${start - headHeight}px)` }}
                >
                  <LogRow
                    row={row}
                    rowIndex={index}
                    view={view}
                    columns={columns}
                    widths={widths}
                    zone={zone}
                    isSelected={row.id === selected}
                    onSelect={onSelect}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      <div className="log-end">{end}</div>
    </div>
  );
}
