import type { SchemaNotice } from '../../../src/api/schema.js';
import { type Texts, useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { useAcknowledge } from '../server/schema.js';
import { printShort } from '../time/print-time.js';
import { Trouble } from '../ui/notice.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly notices: readonly SchemaNotice[];
  readonly mayManage: boolean;
}

/** What has changed: first what nobody has acknowledged. */
export function NoticeCards({ project, logstore, notices, mayManage }: Props) {
  const t = useText();
  const change = useAcknowledge(project, logstore);
  const open = notices.filter(({ isAcknowledged }) => !isAcknowledged);
  const known = notices.filter(({ isAcknowledged }) => isAcknowledged);
  return (
    <section className="card" aria-label={t.schema.notices}>
      <div className="card-head">
        <h2>{t.schema.notices}</h2>
        {mayManage && open.length > 1 && (
          <button
            type="button"
            className="button small"
            disabled={change.isPending}
            onClick={() => change.mutate({ isAcknowledged: true })}
          >
            {t.schema.acknowledgeAll}
          </button>
        )}
      </div>
      {change.isError && <Trouble error={change.error} />}
      <ul className="notice-cards">
        {[...open, ...known].map((notice) => (
          <li key={notice.id} className={notice.isAcknowledged ? 'known' : ''}>
            <NoticeText notice={notice} />
            {mayManage && (
              <button
                type="button"
                className="button small"
                disabled={change.isPending}
                onClick={() => change.mutate({ ids: [notice.id], isAcknowledged: !notice.isAcknowledged })}
              >
                {notice.isAcknowledged ? t.schema.reopen : t.schema.acknowledge}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoticeText({ notice }: { readonly notice: SchemaNotice }) {
  const t = useText();
  const zone = useZone();
  const { time, endedAt, times, origin, version, from, to } = notice;
  const seconds = (at: number) => printShort(Math.floor(at) * 1000, zone);
  const parts = [
    seconds(time),
    ...(endedAt === null ? [] : [t.schema.ended(seconds(endedAt))]),
    ...(times > 1 ? [t.schema.times(String(times))] : []),
    ...(origin === null ? [] : [origin]),
    ...(version === null ? [] : [t.schema.version(version)]),
  ];
  return (
    <div>
      <p>
        <span className={`badge ${endedAt === null ? 'warn' : ''}`}>{t.schema.kinds[notice.kind]}</span>{' '}
        {t.schema.sentences[notice.kind](notice.field ?? '', nameOfType(from, t), nameOfType(to, t), notice.text)}
      </p>
      <p className="notice-when">{parts.join(' · ')}</p>
    </div>
  );
}

/** A type by its name here; anything else as it is. */
function nameOfType(text: string, t: Texts): string {
  return Object.entries(t.schema.types).find(([type]) => type === text)?.[1] ?? text;
}
