/** Nothing was found: what to try, or how to send a first log where there is none at all. */
import { useQuery } from '@tanstack/react-query';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { FirstLog } from '../onboarding/first-log.js';
import { askLogs } from '../server/ask.js';
import { logstoresOf } from '../server/catalog.js';
import { lastRange } from '../time/range.js';
import { NearestMatch } from './nearest-match.js';
import type { Asked } from './use-asked.js';

const DAY_MS = 86_400_000;

interface Props {
  readonly place: Place;
  readonly asked: Asked;
  readonly session: SessionInfo;
  readonly onAsk: () => void;
}

export function NoLogs({ place, asked, session, onAsk }: Props) {
  const { project, logstore: name } = asked;
  const logstore = useQuery(logstoresOf(project)).data?.find((one) => one.name === name);
  const isEmpty = useQuery({
    queryKey: ['has-logs', project, name],
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const answer = await askLogs(
        { project, logstore: name, signal },
        { from: 0, to: Date.now() / 1000 + 3600, limit: 1 },
      );
      return answer.logs.length === 0;
    },
  }).data;
  if (isEmpty === undefined) return null;
  if (isEmpty && logstore !== undefined) return <FirstLog logstore={logstore} session={session} onShow={onAsk} />;
  return <NoMatch place={place} asked={asked} />;
}

function NoMatch({ place, asked }: Pick<Props, 'place' | 'asked'>) {
  const t = useText();
  const isShort = asked.toMs - asked.fromMs < DAY_MS;
  return (
    <div className="empty">
      <h2>{t.empty.noMatch}</h2>
      <p>{t.empty.noMatchHint}</p>
      <NearestMatch asked={asked} />
      <div className="empty-actions">
        {isShort && (
          <button type="button" className="button primary" onClick={() => go('visit', { range: lastRange('24h') })}>
            {t.empty.widenDay}
          </button>
        )}
        <button type="button" className="button" onClick={() => go('visit', { range: lastRange('30d') })}>
          {t.empty.widenMonth}
        </button>
        {place.query !== '' && (
          <button type="button" className="button" onClick={() => go('visit', { query: '' })}>
            {t.empty.clear}
          </button>
        )}
      </div>
    </div>
  );
}
