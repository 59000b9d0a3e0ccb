/** Lines over time. Pointing at it tells the values of the nearest instant. */
import { type PointerEvent, useState } from 'react';
import { chooseMarks, topOf } from '../histogram/scale.js';
import { colourOf } from '../histogram/stack.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { printMark, printShort } from '../time/print-time.js';
import { printCount } from '../ui/print-number.js';
import { Legend } from './legend.js';
import type { Series } from './series.js';

/** Drawn on this grid and stretched to the panel's size. */
const WIDTH = 1000;
const HEIGHT = 300;

const LINES = [0.25, 0.5, 0.75, 1];

export function LineChart({ series }: { readonly series: readonly Series[] }) {
  const t = useText();
  const zone = useZone();
  const [pointedMs, setPointed] = useState<number | null>(null);
  const instants = [...new Set(series.flatMap(({ points }) => points.map(({ ms }) => ms)))].sort((a, b) => a - b);
  const fromMs = instants[0] ?? 0;
  const toMs = Math.max(instants.at(-1) ?? 0, fromMs + 1);
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const top = topOf(values);
  const xOf = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * WIDTH;
  const yOf = (value: number) => HEIGHT - (Math.max(value, 0) / top) * HEIGHT;

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const ms = fromMs + ((event.clientX - left) / width) * (toMs - fromMs);
    const nearest = instants.reduce((best, one) => (Math.abs(one - ms) < Math.abs(best - ms) ? one : best), fromMs);
    setPointed(nearest);
  };
  const valueAt = ({ points }: Series) => points.find(({ ms }) => ms === pointedMs)?.value;

  return (
    <figure className="chart line-chart">
      <div className="chart-plot">
        <div className="chart-scale" aria-hidden="true">
          {LINES.map((line) => (
            <span key={line} style={{ bottom: `${line * 100}%` }}>
              {printCount(top * line)}
            </span>
          ))}
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t.charts.lines(series.map(({ name }) => name).join(', '))}
          onPointerMove={point}
          onPointerLeave={() => setPointed(null)}
        >
          {LINES.map((line) => (
            <line
              key={line}
              className="chart-line"
              x1={0}
              x2={WIDTH}
              y1={HEIGHT * (1 - line)}
              y2={HEIGHT * (1 - line)}
            />
          ))}
          {pointedMs !== null && (
            <line className="chart-pointed" x1={xOf(pointedMs)} x2={xOf(pointedMs)} y1={0} y2={HEIGHT} />
          )}
          {series.map(({ name, points }, at) => (
            <polyline
              key={name}
              className="chart-series"
              data-series={colourOf(name, at)}
              points={points.map(({ ms, value }) => `${xOf(ms).toFixed(1)},${yOf(value).toFixed(1)}`).join(' ')}
            />
          ))}
        </svg>
        <div className="histogram-marks" aria-hidden="true">
          {chooseMarks({ fromMs, toMs }, zone).map(({ ms, stepMs }) => (
            <span key={ms} style={{ left: `${(xOf(ms) / WIDTH) * 100}%` }}>
              {printMark(ms, zone, stepMs)}
            </span>
          ))}
        </div>
      </div>
      <Legend
        title={pointedMs === null ? null : printShort(pointedMs, zone)}
        items={series.map((one, at) => {
          const value = valueAt(one);
          return { name: one.name, colour: colourOf(one.name, at), note: value === undefined ? '' : printCount(value) };
        })}
      />
    </figure>
  );
}
