/** How wide columns were made, by the name of their field: kept by the browser. Others share what is left. */
import { useState } from 'react';

/** In pixels. */
export type ColumnWidths = Readonly<Record<string, number>>;

const STORED_AS = 'logboom.columnWidths';
const WIDTH_MIN = 60;
const WIDTH_MAX = 2000;

export function useColumnWidths() {
  const [widths, setWidths] = useState(readWidths);
  return {
    widths,
    /** Null gives it a share again. */
    resize(column: string, width: number | null) {
      const { [column]: _, ...others } = widths;
      const next = width === null ? others : { ...others, [column]: Math.min(Math.max(width, WIDTH_MIN), WIDTH_MAX) };
      setWidths(next);
      try {
        window.localStorage.setItem(STORED_AS, JSON.stringify(next));
      } catch {
        // A browser that keeps nothing: it is so wide until the page is left.
      }
    },
  };
}

/** The style of a cell; without a width, that of the style sheet. */
export function widthStyle(width: number | undefined) {
  return width === undefined ? undefined : { flex: `0 0 ${width}px` };
}

function readWidths(): ColumnWidths {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(STORED_AS) ?? '{}');
    const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
    return Object.fromEntries(entries.filter(([, width]) => typeof width === 'number'));
  } catch {
    return {};
  }
}
