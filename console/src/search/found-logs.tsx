/** The logs of a search, and beside them the one that is open. */
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go, urlOf } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { LogList } from '../rows/log-list.js';
import { Trouble } from '../ui/notice.js';
import { ContextList } from './context-list.js';
import { Details, type FieldActions } from './details.js';
import { NoLogs } from './no-logs.js';
import { RowsToolbar } from './rows-toolbar.js';
import type { Asked } from './use-asked.js';
import type { useLogs } from './use-logs.js';
import { useOpenLog } from './use-open-log.js';
import { useShortcuts } from './use-shortcuts.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
  readonly asked: Asked;
  readonly onAsk: () => void;
  readonly logs: ReturnType<typeof useLogs>;
  readonly actions: FieldActions;
  readonly onScroll: (isAtTop: boolean) => void;
}

/** One function for all rows: a row whose properties stay the same is not drawn again. */
function show(log: string | null): void {
  go('adjust', { log });
}

export function FoundLogs({ place, session, asked, onAsk, logs, actions, onScroll }: Props) {
  const t = useText();
  const zone = useZone();
  const { rows, error, isError, isFetching, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, data } = logs;
  const open = useOpenLog(asked, rows, place.log);

  const move = (step: 1 | -1) => {
    const at = rows.findIndex(({ id }) => id === place.log);
    const next = rows[at === -1 ? 0 : at + step];
    if (next !== undefined) show(next.id);
  };
  useShortcuts([
    [['j', 'ArrowDown'], () => move(1)],
    [['k', 'ArrowUp'], () => move(-1)],
    [['Enter'], () => place.log === null && move(1)],
    [['Escape'], () => show(null)],
  ]);

  const isEmpty = data !== undefined && rows.length === 0;
  const isCancelled = data === undefined && !isError && !isFetching;
  return (
    <div className={`found ${open.row === undefined ? '' : 'with-details'}`}>
      <section className="found-rows" aria-label={t.rows.label} aria-busy={isFetching}>
        <RowsToolbar
          place={place}
          asked={asked}
          pages={data?.pages}
          rowCount={rows.length}
          mayManage={session.roles.includes('manage')}
        />
        {isPending && isFetching && <div className="progress" role="progressbar" aria-label={t.common.loading} />}
        {isError && <Trouble error={error} onRetry={() => void logs.refetch()} />}
        {isCancelled && <p className="search-hint">{t.search.cancelled}</p>}
        {isEmpty && <NoLogs place={place} asked={asked} session={session} onAsk={onAsk} />}
        {rows.length > 0 && (
          <LogList
            rows={rows}
            view={place.view}
            columns={place.columns}
            isWrapped={place.isWrapped}
            zone={zone}
            selected={place.log}
            onSelect={show}
            onColumns={(columns) => go('adjust', { columns })}
            onScroll={onScroll}
            onEnd={() => {
              if (hasNextPage && !isFetching && !isError) void fetchNextPage();
            }}
            end={isFetchingNextPage ? t.rows.loadingMore : hasNextPage ? null : t.rows.end}
          />
        )}
      </section>
      {open.row !== undefined && (
        <Details
          row={open.row}
          link={urlOf({ ...place, log: open.row.id })}
          actions={actions}
          context={<ContextList project={asked.project} logstore={asked.logstore} row={open.row} onOpen={show} />}
          onMove={move}
          onClose={() => show(null)}
        />
      )}
      {open.error !== null && place.log !== null && <Trouble error={open.error} />}
    </div>
  );
}
