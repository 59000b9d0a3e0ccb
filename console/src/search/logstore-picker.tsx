/** Which project and logstore is searched. Without a choice the first one is. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { logstoresOf, projectNames } from '../server/catalog.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
}

export function LogstorePicker({ place, session }: Props) {
  const t = useText();
  const projects = useQuery(projectNames(session)).data;
  const project = place.project ?? projects?.[0] ?? null;
  const logstores = useQuery({ ...logstoresOf(project ?? ''), enabled: project !== null }).data;

  useEffect(() => {
    if (place.logstore !== null || project === null || logstores === undefined) return;
    const first = logstores[0];
    if (first !== undefined || place.project === null) go('adjust', { project, logstore: first?.name ?? null });
  }, [place.logstore, place.project, project, logstores]);

  // What is not in the list may have been deleted; the page says so, and here it stays the chosen one.
  const listed = (names: readonly string[] | undefined, chosen: string | null) =>
    chosen === null || names?.includes(chosen) === true ? (names ?? []) : [chosen, ...(names ?? [])];
  const names = logstores?.map(({ name }) => name);

  return (
    <div className="logstore-picker">
      <select
        className="select"
        aria-label={t.search.project}
        value={project ?? ''}
        onChange={(event) => go('visit', { project: event.target.value, logstore: null, ...ANOTHER })}
      >
        {listed(projects, project).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <span aria-hidden="true">/</span>
      <select
        className="select"
        aria-label={t.search.logstore}
        value={place.logstore ?? ''}
        onChange={(event) => go('visit', { project, logstore: event.target.value, ...ANOTHER })}
      >
        {place.logstore === null && <option value="">{t.search.noLogstore}</option>}
        {listed(names, place.logstore).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}

/** Other logs have other fields. */
const ANOTHER = { query: '', columns: [], by: null, log: null, chart: null } as const;
