/** Saved searches that stand together on a page, asked again by themselves. */
import './dashboards.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { VariableInputs } from '../query/variable-inputs.js';
import { variablesOf } from '../query/variables.js';
import { RefreshSelect } from '../search/refresh-select.js';
import { useAutoRefresh } from '../search/use-auto-refresh.js';
import { projectNames } from '../server/catalog.js';
import { savedSearchesOf } from '../server/saved-searches.js';
import { IconButton } from '../ui/icon-button.js';
import { Trouble } from '../ui/notice.js';
import { DashboardCard } from './dashboard-card.js';

export function DashboardsPage({ place, session }: { readonly place: Place; readonly session: SessionInfo }) {
  const t = useText();
  const projects = useQuery(projectNames(session)).data;
  const project = place.project ?? projects?.[0] ?? null;
  const saved = useQuery({ ...savedSearchesOf(project ?? ''), enabled: project !== null });
  const names = [...new Set(saved.data?.flatMap(({ dashboard }) => dashboard ?? []) ?? [])].sort();
  const dashboard = place.dashboard ?? names[0] ?? null;
  const shown = saved.data?.filter((search) => search.dashboard !== null && search.dashboard === dashboard) ?? [];
  const { round, refresh, seconds, setSeconds } = useRefresh();
  return (
    <main className="page">
      <div className="dashboard-head">
        <h1>{t.shell.page.dashboards}</h1>
        <select
          className="select"
          aria-label={t.search.project}
          value={project ?? ''}
          onChange={(event) =>
            go('visit', { project: event.target.value, logstore: null, dashboard: null, variables: {} })
          }
        >
          {projects?.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        {names.length > 0 && (
          <select
            className="select"
            aria-label={t.dashboards.name}
            value={dashboard ?? ''}
            onChange={(event) => go('visit', { dashboard: event.target.value, variables: {} })}
          >
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
        <RefreshSelect seconds={seconds} onSeconds={setSeconds} isHeld={false} />
        <IconButton icon="refresh" label={t.dashboards.refreshNow} onClick={refresh} />
      </div>
      <VariableInputs
        names={[...new Set(shown.flatMap(({ query }) => variablesOf(query)))]}
        values={{ ...Object.assign({}, ...shown.map(({ variables }) => variables)), ...place.variables }}
        onValues={(variables) => go('visit', { variables })}
      />
      {saved.isError && <Trouble error={saved.error} onRetry={() => void saved.refetch()} />}
      {saved.data !== undefined && shown.length === 0 && (
        <div className="empty">
          <h2>{t.dashboards.none}</h2>
          <p>{t.dashboards.noneHint}</p>
          <pre>* | SELECT event, count(*) AS n GROUP BY event ORDER BY n DESC</pre>
        </div>
      )}
      {project !== null && (
        <div className="dashboard-grid">
          {shown.map((search) => (
            <DashboardCard
              // With other values it is another search, and shows nothing of the one before.
              key={JSON.stringify([search.id, place.variables])}
              project={project}
              search={search}
              variables={place.variables}
              round={round}
              mayManage={session.roles.includes('manage')}
            />
          ))}
        </div>
      )}
    </main>
  );
}

/** Counts rounds: by hand, and so often by itself while somebody looks. */
function useRefresh() {
  const [round, setRound] = useState(0);
  const [seconds, setSeconds] = useState(30);
  const refresh = () => setRound((n) => n + 1);
  useAutoRefresh({ seconds, isHeld: false, onRefresh: refresh });
  return { round, seconds, setSeconds, refresh };
}
