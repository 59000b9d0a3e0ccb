/** The logs around one, of all or of those that say the same under a name. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogEntry } from '../../../src/api/query.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { type Row, rowOf, SOURCE, summaryOf } from '../rows/row.js';
import { askContext } from '../server/ask.js';
import { printClock } from '../time/print-time.js';
import { Trouble } from '../ui/notice.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly row: Row;
  readonly onOpen: (id: string) => void;
}

/** Names under which logs of one visitor, page or request say the same. */
const IDENTITY = /session|user|visitor|trace|request|device|client/i;

/** In a line nobody reads so far. */
const LINE_LENGTH = 300;

export function ContextList({ project, logstore, row, onOpen }: Props) {
  const t = useText();
  const zone = useZone();
  const names = [SOURCE, ...Object.keys(row.log).filter((name) => IDENTITY.test(name) && row.log[name] !== '')];
  const [same, setSame] = useState('');
  const answer = useQuery({
    queryKey: ['context', project, logstore, row.id, same],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => askContext({ project, logstore, signal }, { id: row.id, same: same === '' ? [] : [same] }),
  });
  const { data } = answer;
  const entries: readonly LogEntry[] = data === undefined ? [] : [...data.before, data.log, ...data.after];
  return (
    <div className="details-body">
      <label className="context-same">
        {t.details.same}
        <select className="select" value={same} onChange={(event) => setSame(event.target.value)}>
          <option value="">{t.details.sameAny}</option>
          {[...new Set(names)].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {answer.isError && <Trouble error={answer.error} onRetry={() => void answer.refetch()} />}
      <ol className="context">
        {entries.map(rowOf).map((one) => (
          <li key={one.id}>
            <button type="button" aria-current={one.id === row.id} onClick={() => onOpen(one.id)}>
              <time>{printClock(one.timeMs, zone)}</time> {lineOf(one)}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function lineOf(row: Row): string {
  const text = summaryOf(row).map(([name, value]) => `${name}=${value}`);
  return text.join(' ').slice(0, LINE_LENGTH);
}
