/** Requests that were refused, and why: over time, by reason, and one by one. */
import './refusals.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RefusalCounts, RefusalInfo, RefusalList } from '../../../src/api/refusals.js';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { callForJson } from '../server/call.js';
import { projectNames } from '../server/catalog.js';
import { printInstant } from '../time/print-time.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import { Sheet } from '../ui/sheet.js';
import { RefusalChart } from './refusal-chart.js';
import { RefusalDetails } from './refusal-details.js';

const REFRESH_MS = 5000;

export function RefusalsPage({ place, session }: { readonly place: Place; readonly session: SessionInfo }) {
  const t = useText();
  const projects = useQuery(projectNames(session)).data;
  const [step, setStep] = useState<'minute' | 'hour'>('minute');
  const [reason, setReason] = useState<string | null>(null);
  const [open, setOpen] = useState<RefusalInfo | null>(null);
  // Who has a key for some projects may not ask for all at once.
  const project = place.project ?? (session.projects === null ? null : (projects?.[0] ?? null));
  const base = project === null ? '' : `projects/${encodeURIComponent(project)}/`;
  const mayAsk = session.projects === null || project !== null;

  const counts = useQuery({
    queryKey: ['refusal-counts', base, step],
    refetchInterval: REFRESH_MS,
    enabled: mayAsk,
    queryFn: ({ signal }) => callForJson<RefusalCounts>(`${base}refusal-counts?step=${step}`, { signal }),
  });
  const parameters = new URLSearchParams({ limit: '200', ...(reason === null ? {} : { reason }) });
  const list = useQuery({
    queryKey: ['refusals', base, reason],
    refetchInterval: REFRESH_MS,
    enabled: mayAsk,
    queryFn: ({ signal }) => callForJson<RefusalList>(`${base}refusals?${parameters}`, { signal }),
  });

  return (
    <Sheet
      title={t.shell.page.refusals}
      lead={t.refusals.lead}
      action={
        <select
          className="select"
          aria-label={t.search.project}
          value={project ?? ''}
          onChange={(event) => go('visit', { project: event.target.value || null, logstore: null })}
        >
          {session.projects === null && <option value="">{t.accessKeys.allProjects}</option>}
          {projects?.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      }
    >
      {counts.isError && <Trouble error={counts.error} onRetry={() => void counts.refetch()} />}
      {counts.data !== undefined && (
        <section className="card">
          <div className="card-head">
            <h2>{t.refusals.overTime}</h2>
            <fieldset className="segments" aria-label={t.refusals.overTime}>
              {(['minute', 'hour'] as const).map((one) => (
                <button
                  type="button"
                  key={one}
                  className="button small"
                  aria-pressed={one === step}
                  onClick={() => setStep(one)}
                >
                  {t.refusals.steps[one]}
                </button>
              ))}
            </fieldset>
          </div>
          <RefusalChart counts={counts.data} step={step} reason={reason} onReason={setReason} />
        </section>
      )}
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.refusals.length === 0 && (
        <div className="empty">
          <h2>{t.refusals.none}</h2>
          <p>{t.refusals.noneHint}</p>
        </div>
      )}
      {list.data !== undefined && list.data.refusals.length > 0 && (
        <Refusals refusals={list.data.refusals} onOpen={setOpen} />
      )}
      {open !== null && <RefusalDetails refusal={open} onClose={() => setOpen(null)} />}
    </Sheet>
  );
}

interface RefusalsProps {
  readonly refusals: readonly RefusalInfo[];
  readonly onOpen: (refusal: RefusalInfo) => void;
}

function Refusals({ refusals, onOpen }: RefusalsProps) {
  const t = useText();
  const zone = useZone();
  return (
    <div className="card data-scroll">
      <table className="data refusals">
        <thead>
          <tr>
            <th>{t.rows.time}</th>
            <th>{t.refusals.reason}</th>
            <th>{t.refusals.target}</th>
            <th>{t.refusals.origin}</th>
            <th>{t.refusals.client}</th>
            <th className="number">{t.refusals.status}</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map((refusal) => (
            <tr key={refusal.requestId}>
              <td className="mono">
                <button type="button" className="link-button mono" onClick={() => onOpen(refusal)}>
                  {printInstant(refusal.time * 1000, zone)}
                </button>
              </td>
              <td>
                <span className={`badge ${refusal.wasRefused ? 'bad' : 'warn'}`}>{refusal.reason}</span>
              </td>
              <td>
                {refusal.project}/{refusal.logstore}
              </td>
              <td className="mono">{refusal.origin ?? '–'}</td>
              <td>{refusal.client}</td>
              <td className="number">{printCount(refusal.status)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
