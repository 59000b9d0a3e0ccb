/** What SQL answers, below the query: the chart, which others would do, and what it cost. */
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { SavedMenu } from '../saved/saved-menu.js';
import { ShareMenu } from '../search/share-menu.js';
import type { Asked } from '../search/use-asked.js';
import { Trouble } from '../ui/notice.js';
import { printBytes, printCount, printDuration } from '../ui/print-number.js';
import { Chart } from './chart.js';
import { chartsFor, chooseChart } from './choose-chart.js';
import type { useRows } from './use-rows.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
  readonly asked: Asked;
  readonly answer: ReturnType<typeof useRows>;
}

export function ChartPanel({ place, session, asked, answer }: Props) {
  const t = useText();
  const { data, table, isError, error, isFetching, refetch } = answer;
  const shown = table === undefined ? null : chooseChart(table, place.chart);
  return (
    <section className="found-rows chart-panel" aria-label={t.charts.title} aria-busy={isFetching}>
      <div className="rows-toolbar">
        <fieldset className="segments" aria-label={t.charts.kind}>
          {table !== undefined &&
            chartsFor(table).map((kind) => (
              <button
                type="button"
                key={kind}
                className="button small"
                aria-pressed={kind === shown}
                onClick={() => go('adjust', { chart: kind })}
              >
                {t.charts.kinds[kind]}
              </button>
            ))}
        </fieldset>
        <span className="figures" role="status">
          {data !== undefined && (
            <>
              {data.meta.progress === 'Incomplete' && <span className="badge warn">{t.search.partial}</span>}
              {data.rows.length === data.meta.limit && (
                <span className="badge warn">{t.charts.limited(printCount(data.meta.limit))}</span>
              )}
              {t.rows.figures(
                printCount(data.rows.length),
                printCount(data.meta.scannedRows),
                printBytes(data.meta.scannedBytes),
                printDuration(data.meta.elapsedMs),
              )}
            </>
          )}
        </span>
        <SavedMenu place={place} project={asked.project} mayManage={session.roles.includes('manage')} />
        <ShareMenu place={place} asked={asked} />
      </div>
      {isFetching && <div className="progress" role="progressbar" aria-label={t.common.loading} />}
      {isError && <Trouble error={error} onRetry={() => void refetch()} />}
      {table !== undefined && (
        <div className="chart-body">
          {table.rows.length === 0 ? (
            <p className="search-hint">{t.charts.empty}</p>
          ) : (
            <Chart table={table} wanted={place.chart} />
          )}
        </div>
      )}
    </section>
  );
}
