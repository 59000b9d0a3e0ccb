import type { KeyboardEvent, PointerEvent } from 'react';
import { useText } from '../i18n/text.js';

interface Props {
  readonly column: string;
  /** Null gives the column its share again. */
  readonly onResize: (width: number | null) => void;
}

const STEP = 20;

/** The right edge of a column's head: dragged, moved with the arrow keys, and clicked twice to begin anew. */
export function ResizeHandle({ column, onResize }: Props) {
  const t = useText();
  const widthOf = (handle: HTMLElement) => handle.parentElement?.getBoundingClientRect().width ?? 0;
  const drag = (event: PointerEvent<HTMLButtonElement>) => {
    const handle = event.currentTarget;
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const left = handle.parentElement?.getBoundingClientRect().left ?? 0;
    onResize(event.clientX - left);
  };
  const press = (event: KeyboardEvent<HTMLButtonElement>) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onResize(widthOf(event.currentTarget) + step);
  };
  return (
    <button
      type="button"
      className="resize-handle"
      aria-label={t.rows.resize(column)}
      title={t.rows.resize(column)}
      // The head itself is dragged to another place.
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => onResize(null)}
      onKeyDown={press}
    />
  );
}
