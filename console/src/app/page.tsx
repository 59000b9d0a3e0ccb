import type { SessionInfo } from '../../../src/api/session.js';
import type { Place } from '../location/place.js';
import { SearchPage } from '../search/search-page.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
}

export function Page({ place, session }: Props) {
  switch (place.page) {
    case 'search':
    case 'dashboards':
    case 'refusals':
    case 'projects':
    case 'keys':
    case 'status':
      return <SearchPage place={place} session={session} />;
  }
}
