import { Histogram } from '../histogram/histogram.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { absoluteRange, type Range } from '../time/range.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import type { Asked } from './use-asked.js';
import { useHistogram } from './use-overview.js';

interface Props {
  readonly asked: Asked;
  readonly onSpan: (range: Range) => void;
}

/** Fails by itself: the rows below are another answer. */
export function HistogramPanel({ asked, onSpan }: Props) {
  const t = useText();
  const zone = useZone();
  const { data, isError, error, refetch } = useHistogram(asked, null);
  return (
    <section className="histogram-panel" aria-label={t.histogram.title} aria-busy={data === undefined && !isError}>
      <p className="histogram-count">
        {data !== undefined && (
          <>
            <strong>{printCount(data.meta.count)}</strong> {t.histogram.logs}
            <span className={`badge ${data.meta.progress === 'Complete' ? 'good' : 'warn'}`}>
              {data.meta.progress === 'Complete' ? t.search.complete : t.search.partial}
            </span>
          </>
        )}
      </p>
      {isError && <Trouble error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <Histogram answer={data} span={asked} zone={zone} onSpan={(span) => onSpan(absoluteRange(span))} />
      )}
    </section>
  );
}
