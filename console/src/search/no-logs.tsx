/** Nothing was found: what to try. */
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { lastRange } from '../time/range.js';
import type { Asked } from './use-asked.js';

const DAY_MS = 86_400_000;

export function NoLogs({ place, asked }: { readonly place: Place; readonly asked: Asked }) {
  const t = useText();
  const isShort = asked.toMs - asked.fromMs < DAY_MS;
  return (
    <div className="empty">
      <h2>{t.empty.noMatch}</h2>
      <p>{t.empty.noMatchHint}</p>
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
