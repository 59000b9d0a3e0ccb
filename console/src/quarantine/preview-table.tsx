import type { PreviewAnswer, PreviewedLog } from '../../../src/api/quarantine.js';
import { useText } from '../i18n/text.js';
import { printCount } from '../ui/print-number.js';

/** What a rule makes of the newest logs: as they were sent, and as they would be stored. */
export function PreviewTable({ answer: { logs, good, dropped, stillBad } }: { readonly answer: PreviewAnswer }) {
  const t = useText();
  return (
    <>
      <p className="card-body" role="status">
        {t.quarantine.figures(printCount(good), printCount(dropped), printCount(stillBad))}
      </p>
      {logs.length > 0 && (
        <div className="data-scroll">
          <table className="data" aria-label={t.quarantine.preview}>
            <thead>
              <tr>
                <th>{t.quarantine.outcome}</th>
                <th>{t.quarantine.before}</th>
                <th>{t.quarantine.after}</th>
              </tr>
            </thead>
            <tbody>
              {logs.map((log) => (
                <tr key={log.before.id}>
                  <td>
                    <span className={`badge ${BADGES[log.outcome]}`}>{t.quarantine.outcomes[log.outcome]}</span>
                  </td>
                  <td>
                    <pre className="quarantine-text">{log.before.text}</pre>
                  </td>
                  <td>
                    <After log={log} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

const BADGES = { good: 'good', dropped: '', bad: 'bad' } as const;

function After({ log: { after, fault } }: { readonly log: PreviewedLog }) {
  if (fault !== null) {
    return (
      <p>
        {fault.reason}: {fault.detail}
      </p>
    );
  }
  return after === null ? '–' : <pre className="quarantine-text">{JSON.stringify(after)}</pre>;
}
