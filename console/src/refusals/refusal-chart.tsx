import type { RefusalCounts } from '../../../src/api/refusals.js';
import { Histogram } from '../histogram/histogram.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { printCount } from '../ui/print-number.js';
import { bucketsOf, sumByName } from './refusal-buckets.js';

interface Props {
  readonly counts: RefusalCounts;
  readonly step: 'minute' | 'hour';
  /** The only one that is listed; null for all. */
  readonly reason: string | null;
  readonly onReason: (reason: string | null) => void;
}

export function RefusalChart({ counts, step, reason, onReason }: Props) {
  const t = useText();
  const zone = useZone();
  const { span, answer } = bucketsOf(counts, step, reason, Date.now());
  const reasons = sumByName(counts.steps.map(({ byReason }) => byReason));
  const origins = sumByName(counts.steps.map(({ byOrigin }) => byOrigin));
  return (
    <div className="card-body refusal-chart">
      <Histogram answer={answer} span={span} zone={zone} />
      <fieldset className="refusal-names">
        <legend>{t.refusals.byReason}</legend>
        {reasons.map(([name, count]) => (
          <button
            type="button"
            key={name}
            className="button small"
            aria-pressed={name === reason}
            onClick={() => onReason(name === reason ? null : name)}
          >
            {name} <strong>{printCount(count)}</strong>
          </button>
        ))}
      </fieldset>
      <p className="refusal-names">
        {t.refusals.byOrigin}{' '}
        {origins.slice(0, 8).map(([name, count]) => (
          <span className="badge" key={name}>
            {name === 'none' ? t.refusals.noOrigin : name} <strong>{printCount(count)}</strong>
          </span>
        ))}
      </p>
    </div>
  );
}
