import type { SessionInfo } from '../../../src/api/session.js';
import { DashboardsPage } from '../dashboards/dashboards-page.js';
import { KeysPage } from '../keys/keys-page.js';
import type { Place } from '../location/place.js';
import { LogstorePage } from '../logstore/logstore-page.js';
import { ProjectsPage } from '../projects/projects-page.js';
import { RefusalsPage } from '../refusals/refusals-page.js';
import { SearchPage } from '../search/search-page.js';
import { StatusPage } from '../status/status-page.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
}

export function Page({ place, session }: Props) {
  switch (place.page) {
    case 'search':
      return <SearchPage place={place} session={session} />;
    case 'dashboards':
      return <DashboardsPage place={place} session={session} />;
    case 'refusals':
      return <RefusalsPage place={place} session={session} />;
    case 'projects':
      return <ProjectsPage session={session} />;
    case 'logstore':
      return <LogstorePage place={place} session={session} />;
    case 'keys':
      return <KeysPage session={session} />;
    case 'status':
      return <StatusPage />;
  }
}
