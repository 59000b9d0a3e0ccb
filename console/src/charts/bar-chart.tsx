import { printCount } from '../ui/print-number.js';
import type { Part } from './series.js';

/** Values by name, longest where the value is largest. */
export function BarChart({ parts }: { readonly parts: readonly Part[] }) {
  const most = Math.max(...parts.map(({ value }) => value), 1);
  return (
    <ol className="chart bar-chart">
      {parts.map(({ name, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two rows may have the same name
        <li key={at}>
          <span className="bar-name" title={name}>
            {name}
          </span>
          <span className="bar-track">
            <span className="bar-value" style={{ inlineSize: `${Math.max((value / most) * 100, 0)}%` }} />
          </span>
          <span className="bar-number">{printCount(value)}</span>
        </li>
      ))}
    </ol>
  );
}
