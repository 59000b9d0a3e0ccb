/** Searching for logs: what is asked above, what is found below. */
import './search-page.css';
import { useMemo, useState } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { ChartPanel } from '../charts/chart-panel.js';
import { useRows } from '../charts/use-rows.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { splitQuery } from '../query/edit-query.js';
import { LiveLogs } from '../tail/live-logs.js';
import { isRelative } from '../time/range.js';
import { Icon } from '../ui/icon.js';
import { fieldActions } from './field-actions.js';
import { FieldSidebar } from './field-sidebar.js';
import { FoundLogs } from './found-logs.js';
import { HistogramPanel } from './histogram-panel.js';
import { QueryBar } from './query-bar.js';
import { ShortcutsHelp } from './shortcuts-help.js';
import { useAsked } from './use-asked.js';
import { useAutoRefresh } from './use-auto-refresh.js';
import { useLogs } from './use-logs.js';
import { useFields } from './use-overview.js';
import { useShortcuts } from './use-shortcuts.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
}

export function SearchPage({ place, session }: Props) {
  const t = useText();
  const { asked, ask } = useAsked(place);
  const isSql = !place.isLive && splitQuery(place.query).rest !== '';
  const logs = useLogs(place.isLive || isSql ? null : asked);
  const rows = useRows(isSql ? asked : null);
  // For completion, and the colours of the histogram; beside rows the sidebar asks.
  useFields(isSql ? asked : null, !rows.isPending);
  const [isScrolled, setScrolled] = useState(false);
  // A row that is read does not run away, and what was zoomed into stays.
  const isHeld = place.log !== null || (isScrolled && !isSql) || !isRelative(place.range) || place.isLive;
  const isFetching = isSql ? rows.isFetching : logs.isFetching;
  useAutoRefresh({ seconds: place.refreshSeconds, isHeld: isHeld || isFetching || asked === null, onRefresh: ask });
  const [focusCount, setFocusCount] = useState(0);
  const [isTimeOpen, setTimeOpen] = useState(false);
  const [areFieldsOpen, setFieldsOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const actions = useMemo(() => fieldActions(place), [place]);

  useShortcuts([
    [['/', 's'], () => setFocusCount((n) => n + 1)],
    [['d'], () => setTimeOpen(true)],
    [['t'], () => go('visit', { isLive: !place.isLive, log: null })],
    [['?'], () => setHelpOpen(true)],
  ]);

  return (
    <main className={`page search-page ${place.isLive ? 'live' : ''}`} aria-label={t.shell.page.search}>
      <QueryBar
        place={place}
        session={session}
        asked={asked}
        onAsk={ask}
        rows={logs.rows}
        error={isSql ? rows.error : logs.error}
        isFetching={isFetching}
        isHeld={isHeld}
        focusCount={focusCount}
        isTimeOpen={isTimeOpen}
        onTimeOpenChange={setTimeOpen}
      />
      {asked !== null && place.isLive ? (
        <LiveLogs place={place} asked={asked} actions={actions} />
      ) : asked === null ? (
        <p className="search-hint">{t.search.choose}</p>
      ) : (
        <>
          <HistogramPanel asked={asked} by={place.by} onSpan={(range) => go('visit', { range, log: null })} />
          {isSql ? (
            <ChartPanel place={place} session={session} asked={asked} answer={rows} />
          ) : (
            <div className={`search-body ${areFieldsOpen ? 'with-fields' : ''}`}>
              <FieldSidebar asked={asked} mayAsk={!logs.isPending} actions={actions} />
              <FoundLogs
                place={place}
                session={session}
                asked={asked}
                onAsk={ask}
                logs={logs}
                actions={actions}
                onScroll={(isAtTop) => setScrolled(!isAtTop)}
              />
              <button
                type="button"
                className="button small fields-toggle"
                aria-expanded={areFieldsOpen}
                onClick={() => setFieldsOpen(!areFieldsOpen)}
              >
                <Icon name="fields" size={14} />
                {t.fields.title}
              </button>
            </div>
          )}
        </>
      )}
      {isHelpOpen && <ShortcutsHelp onClose={() => setHelpOpen(false)} />}
    </main>
  );
}
