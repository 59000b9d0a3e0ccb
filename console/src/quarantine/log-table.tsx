import type { QuarantinedLogInfo } from '../../../src/api/quarantine.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { printInstant } from '../time/print-time.js';

/** What was sent is a stranger's text, here as everywhere. */
export function LogTable({ logs }: { readonly logs: readonly QuarantinedLogInfo[] }) {
  const t = useText();
  const zone = useZone();
  return (
    <div className="data-scroll">
      <table className="data">
        <thead>
          <tr>
            <th className="wide-only">{t.rows.time}</th>
            <th>{t.refusals.reason}</th>
            <th>{t.quarantine.text}</th>
            <th className="wide-only">{t.refusals.origin}</th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <tr key={log.id}>
              <td className="wide-only mono quarantine-time">{printInstant(log.time * 1000, zone)}</td>
              <td>
                <span className="badge warn">{log.reason}</span>
                <p className="quarantine-detail">{log.detail}</p>
              </td>
              <td>
                <pre className="quarantine-text">
                  {log.text}
                  {log.isCut && '…'}
                </pre>
              </td>
              <td className="wide-only">
                {log.origin ?? '–'}
                <p className="quarantine-detail">{log.client}</p>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
