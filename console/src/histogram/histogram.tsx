/**
 * How many logs there are over the range. A bar is clicked to narrow the range to it, and a stretch is dragged over to zoom
 * in; the back button undoes both.
 */
import './histogram.css';
import { type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react';
import type { HistogramAnswer } from '../../../src/api/query.js';
import { useText } from '../i18n/text.js';
import { printMark, printShort } from '../time/print-time.js';
import type { Span } from '../time/range.js';
import type { Zone } from '../time/zone.js';
import { printCount } from '../ui/print-number.js';
import { chooseMarks, topOf } from './scale.js';
import { stack } from './stack.js';

interface Props {
  readonly answer: Pick<HistogramAnswer, 'buckets' | 'series'>;
  readonly span: Span;
  readonly zone: Zone;
  /** Absent where there is nothing to narrow. */
  readonly onSpan?: (span: Span) => void;
}

const HEIGHT = 64;

/** Bars are drawn on a grid of this width and stretched to the panel's. */
const WIDTH = 1000;

export function Histogram({ answer, span, zone, onSpan }: Props) {
  const t = useText();
  const { buckets } = answer;
  const bars = useMemo(() => stack(answer), [answer]);
  const top = topOf(buckets.map(({ count }) => count));
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const { fromMs, toMs } = span;
  const xOf = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * WIDTH;
  const widest = Math.max(...buckets.map(({ from, to }) => to - from), 0) * 1000;

  const bucketAt = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const ms = fromMs + ((event.clientX - left) / width) * (toMs - fromMs);
    const found = buckets.findIndex(({ to }) => ms < to * 1000);
    return found === -1 ? buckets.length - 1 : Math.max(found, 0);
  };
  const choose = (first: number, last: number) => {
    const [from, to] = [buckets[Math.min(first, last)], buckets[Math.max(first, last)]];
    if (from !== undefined && to !== undefined) onSpan?.({ fromMs: from.from * 1000, toMs: to.to * 1000 });
  };
  const onKey = (event: KeyboardEvent) => {
    const at = pointed ?? -1;
    if (event.key === 'ArrowRight') setPointed(Math.min(at + 1, buckets.length - 1));
    else if (event.key === 'ArrowLeft') setPointed(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && pointed !== null) choose(pointed, pointed);
    else return;
    event.preventDefault();
  };

  const shown = pointed === null ? undefined : buckets[pointed];
  const selected = drag && [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
  const marks = chooseMarks(span, zone);
  return (
    <figure className={`histogram ${answer.series === undefined ? '' : 'coloured'}`}>
      <div className="histogram-plot">
        <span className="histogram-top">{printCount(top)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t.histogram.label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its bars are chosen with the arrow keys
          tabIndex={0}
          onKeyDown={onKey}
          onBlur={() => setPointed(null)}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            const at = bucketAt(event);
            setDrag({ from: at, to: at });
          }}
          onPointerMove={(event) => {
            const at = bucketAt(event);
            setPointed(at);
            if (drag !== null) setDrag({ ...drag, to: at });
          }}
          onPointerUp={() => {
            if (drag !== null) choose(drag.from, drag.to);
            setDrag(null);
          }}
          onPointerLeave={() => setPointed(null)}
        >
          {bars.map(({ bucket, series, from, to }) => {
            const { from: left, to: right } = buckets[bucket] ?? { from: 0, to: 0 };
            const x = xOf(left * 1000);
            // The last one may end before its time: it is not a lull.
            const isPartial = (right - left) * 1000 < widest;
            return (
              <rect
                key={`${bucket}-${series}`}
                className={`histogram-bar ${bucket === pointed ? 'pointed' : ''} ${isPartial ? 'partial' : ''}`}
                data-series={series}
                x={x}
                width={Math.max(xOf(right * 1000) - x - 1, 0.5)}
                y={HEIGHT - (to / top) * HEIGHT}
                height={((to - from) / top) * HEIGHT}
              />
            );
          })}
          {selected !== null && (
            <rect
              className="histogram-selection"
              x={xOf((buckets[selected[0] ?? 0]?.from ?? 0) * 1000)}
              width={
                xOf((buckets[selected[1] ?? 0]?.to ?? 0) * 1000) - xOf((buckets[selected[0] ?? 0]?.from ?? 0) * 1000)
              }
              y={0}
              height={HEIGHT}
            />
          )}
        </svg>
        <div className="histogram-marks" aria-hidden="true">
          {marks.map(({ ms, stepMs }) => (
            <span key={ms} style={{ left: `${xOf(ms) / (WIDTH / 100)}%` }}>
              {printMark(ms, zone, stepMs)}
            </span>
          ))}
        </div>
      </div>
      <figcaption className="histogram-pointed" aria-live="polite">
        {shown !== undefined &&
          t.histogram.bucket(
            printShort(shown.from * 1000, zone),
            printShort(shown.to * 1000, zone),
            printCount(shown.count),
          )}
      </figcaption>
    </figure>
  );
}
