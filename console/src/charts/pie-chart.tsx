import { useText } from '../i18n/text.js';
import { printCount, printShare } from '../ui/print-number.js';
import { Legend } from './legend.js';
import type { Part } from './series.js';

/** With this radius the circumference is 100: a slice's share is its length. */
const RADIUS = 15.9155;

/** Shares of a whole, as a ring. */
export function PieChart({ parts }: { readonly parts: readonly Part[] }) {
  const t = useText();
  const total = parts.reduce((sum, { value }) => sum + Math.max(value, 0), 0);
  const shares = parts.map(({ value }) => (total === 0 ? 0 : Math.max(value, 0) / total));
  const starts = shares.map((_, at) => shares.slice(0, at).reduce((sum, share) => sum + share, 0));
  return (
    <figure className="chart pie-chart">
      <svg viewBox="0 0 42 42" role="img" aria-label={t.charts.shares(parts.map(({ name }) => name).join(', '))}>
        {shares.map((share, at) => (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: two rows may have the same name
            key={at}
            className="pie-slice"
            data-series={at % 8}
            cx={21}
            cy={21}
            r={RADIUS}
            strokeDasharray={`${share * 100} ${100 - share * 100}`}
            strokeDashoffset={25 - (starts[at] ?? 0) * 100}
          />
        ))}
        <text x={21} y={22.5} textAnchor="middle" className="pie-total">
          {printCount(total)}
        </text>
      </svg>
      <Legend
        title={null}
        items={parts.map(({ name, value }, at) => ({
          name,
          note: `${printCount(value)} · ${printShare(shares[at] ?? 0)}`,
        }))}
      />
    </figure>
  );
}
