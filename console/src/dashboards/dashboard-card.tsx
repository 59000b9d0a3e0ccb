import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SavedSearchInfo } from '../../../src/api/saved-searches.js';
import { Chart } from '../charts/chart.js';
import { tableOf } from '../charts/data-table.js';
import { Histogram } from '../histogram/histogram.js';
import { useText } from '../i18n/text.js';
import { go } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { splitQuery } from '../query/edit-query.js';
import { fillIn, type Variables } from '../query/variables.js';
import { placeOf } from '../saved/saved-place.js';
import { askHistogram, askRows } from '../server/ask.js';
import { useSaveSearch } from '../server/saved-searches.js';
import { absoluteRange, printRange, resolveRange } from '../time/range.js';
import { IconButton } from '../ui/icon-button.js';
import { Trouble } from '../ui/notice.js';

interface Props {
  readonly project: string;
  readonly search: SavedSearchInfo;
  /** Those given for the dashboard; the others are as saved. */
  readonly variables: Variables;
  /** Counts up to ask again. */
  readonly round: number;
  readonly mayManage: boolean;
}

/** SQL as its chart; a search without it as how many logs there are over time. What was shown stays until the next answer. */
export function DashboardCard({ project, search, variables, round, mayManage }: Props) {
  const t = useText();
  const zone = useZone();
  const saved = placeOf(project, search);
  const place = { ...saved, variables: { ...saved.variables, ...variables } };
  const query = fillIn(place.query, place.variables);
  const save = useSaveSearch(project);
  const answer = useQuery({
    queryKey: ['dashboard', project, search.id, search.updatedAt, query, round],
    gcTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const span = resolveRange(place.range, Date.now());
      const selection = { query, from: span.fromMs / 1000, to: span.toMs / 1000 };
      const target = { project, logstore: search.logstore, signal };
      if (splitQuery(query).rest === '') {
        return { kind: 'histogram', span, answer: await askHistogram(target, selection) } as const;
      }
      return { kind: 'table', table: tableOf(await askRows(target, selection)) } as const;
    },
  });
  const { id, createdAt, updatedAt, ...body } = search;
  return (
    <section className="card" aria-label={search.name} aria-busy={answer.isFetching}>
      <div className="card-head">
        <h2>
          <button type="button" className="link-button" onClick={() => go('visit', place)}>
            {search.name}
          </button>
        </h2>
        <p>
          {search.logstore} · {printRange(place.range, zone)}
        </p>
        {mayManage && (
          <IconButton
            icon="close"
            size="small"
            label={t.dashboards.remove(search.name)}
            onClick={() => save.mutate({ ...body, id, dashboard: null })}
          />
        )}
      </div>
      {answer.isError && <Trouble error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data?.kind === 'table' && <Chart table={answer.data.table} wanted={search.chart} />}
      {answer.data?.kind === 'histogram' && (
        <div className="card-body">
          <Histogram
            answer={answer.data.answer}
            span={answer.data.span}
            zone={zone}
            onSpan={(span) => go('visit', { ...place, range: absoluteRange(span) })}
          />
        </div>
      )}
    </section>
  );
}
