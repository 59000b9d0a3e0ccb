import type { Deletion } from '../../../src/api/deletions.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { useCancelDeletion } from '../server/deletions.js';
import { printShort } from '../time/print-time.js';
import { absoluteRange, printRange } from '../time/range.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly deletions: readonly Deletion[];
}

/** What is being deleted, and what was. */
export function DeletionTable({ project, logstore, deletions }: Props) {
  const t = useText();
  const cancel = useCancelDeletion(project, logstore);
  return (
    <section className="card" aria-label={t.deletion.list}>
      <div className="card-head">
        <h2>{t.deletion.list}</h2>
      </div>
      {cancel.isError && <Trouble error={cancel.error} />}
      <div className="data-scroll">
        <table className="data">
          <thead>
            <tr>
              <th>{t.accessKeys.created}</th>
              <th>{t.accessKeys.state}</th>
              <th className="number">{t.deletion.logs}</th>
              <th className="wide-only">{t.editor.label}</th>
              <th className="wide-only">{t.deletion.reference}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {deletions.map((deletion) => (
              <DeletionLine
                key={deletion.id}
                deletion={deletion}
                isCancelling={cancel.isPending}
                onCancel={() => cancel.mutate(deletion.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const BADGES: Readonly<Record<Deletion['state'], string>> = {
  waiting: 'warn',
  choosing: 'warn',
  deleting: 'warn',
  purging: 'warn',
  done: 'good',
  cancelled: '',
  failed: 'bad',
};

interface LineProps {
  readonly deletion: Deletion;
  readonly isCancelling: boolean;
  readonly onCancel: () => void;
}

function DeletionLine({ deletion, isCancelling, onCancel }: LineProps) {
  const t = useText();
  const zone = useZone();
  const { state, createdAt, logs, deletedLogs, query, from, to, reference, accessKeyId, problem, unsearched } =
    deletion;
  return (
    <tr>
      <td title={accessKeyId}>{printShort(Math.floor(createdAt) * 1000, zone)}</td>
      <td>
        <span className={`badge ${BADGES[state]}`}>{t.deletion.states[state]}</span>
        {problem !== null && <p>{problem}</p>}
        {unsearched.length > 0 && <p>{t.deletion.unsearched(unsearched.join(', '))}</p>}
      </td>
      <td className="number">{logs === null ? '–' : t.deletion.progress(printCount(deletedLogs), printCount(logs))}</td>
      <td className="wide-only">
        <span className="mono">{query ?? t.deletion.forgotten}</span>
        <p>{printRange(absoluteRange({ fromMs: from * 1000, toMs: to * 1000 }), zone)}</p>
      </td>
      <td className="wide-only">{reference || '–'}</td>
      <td className="end">
        {state === 'waiting' && (
          <button type="button" className="button small" disabled={isCancelling} onClick={onCancel}>
            {t.common.cancel}
          </button>
        )}
      </td>
    </tr>
  );
}
