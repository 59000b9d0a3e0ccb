import { Legend } from '../charts/legend.js';
import { Histogram } from '../histogram/histogram.js';
import { colourOf } from '../histogram/stack.js';
import { useText } from '../i18n/text.js';
import { go } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { absoluteRange, type Range } from '../time/range.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import type { Asked } from './use-asked.js';
import { useFields, useHistogram } from './use-overview.js';

interface Props {
  readonly asked: Asked;
  /** The field that gives the bars their colours, if any. */
  readonly by: string | null;
  readonly onSpan: (range: Range) => void;
}

/** Fails by itself: the rows below are another answer. */
export function HistogramPanel({ asked, by, onSpan }: Props) {
  const t = useText();
  const zone = useZone();
  const { data, isError, error, refetch } = useHistogram(asked, by);
  return (
    <section className="histogram-panel" aria-label={t.histogram.title} aria-busy={data === undefined && !isError}>
      <div className="histogram-head">
        {data !== undefined && (
          <p>
            <strong>{printCount(data.meta.count)}</strong> {t.histogram.logs}{' '}
            <span className={`badge ${data.meta.progress === 'Complete' ? 'good' : 'warn'}`}>
              {data.meta.progress === 'Complete' ? t.search.complete : t.search.partial}
            </span>
          </p>
        )}
        <ColourBy asked={asked} by={by} />
        {data?.series !== undefined && (
          <Legend
            title={null}
            items={data.series.map(({ value, count }, at) => ({
              name: value === null ? t.histogram.others : value || t.details.empty,
              note: printCount(count),
              colour: colourOf(value, at),
            }))}
          />
        )}
      </div>
      {isError && <Trouble error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <Histogram answer={data} span={asked} zone={zone} onSpan={(span) => onSpan(absoluteRange(span))} />
      )}
    </section>
  );
}

function ColourBy({ asked, by }: Pick<Props, 'asked' | 'by'>) {
  const t = useText();
  // Those the sidebar asked for.
  const names = useFields(asked, false).data?.fields.map(({ name }) => name) ?? [];
  const listed = by === null || names.includes(by) ? names : [by, ...names];
  return (
    <select
      className="select small"
      aria-label={t.histogram.by}
      value={by ?? ''}
      onChange={(event) => go('adjust', { by: event.target.value || null })}
    >
      <option value="">{t.histogram.byNothing}</option>
      {listed.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
