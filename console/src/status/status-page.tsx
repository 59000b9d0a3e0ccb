/** How the service is doing. */
import './status-page.css';
import { useQuery } from '@tanstack/react-query';
import type { ShardStatus, Status, StoreStatus } from '../../../src/api/status.js';
import { useText } from '../i18n/text.js';
import { callForJson } from '../server/call.js';
import { Notice, Trouble } from '../ui/notice.js';
import { printBytes, printCount, printSeconds } from '../ui/print-number.js';
import { Sheet } from '../ui/sheet.js';

const REFRESH_MS = 3000;

export function StatusPage() {
  const t = useText();
  const status = useQuery({
    queryKey: ['status'],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => callForJson<Status>('status', { signal }),
  });
  return (
    <Sheet
      title={t.shell.page.status}
      lead={status.data && t.status.version(status.data.version, printSeconds(status.data.uptimeSeconds))}
    >
      {status.isError && <Trouble error={status.error} onRetry={() => void status.refetch()} />}
      {status.data !== undefined && <Report status={status.data} />}
    </Sheet>
  );
}

function Report({ status: { ready, reasons, shards, store, disk } }: { readonly status: Status }) {
  const t = useText();
  const known = shards.flatMap(({ figures }) => figures ?? []);
  const sum = (of: (figures: (typeof known)[number]) => number) => known.reduce((total, one) => total + of(one), 0);
  const lag = Math.max(0, ...known.map(({ loadLagSeconds }) => loadLagSeconds));
  const damaged = sum((figures) => figures.quarantinedPlaces + figures.setAsideSegments);
  return (
    <>
      {ready ? (
        <Notice kind="good">{t.status.ready}</Notice>
      ) : (
        <Notice kind="bad">
          {t.status.notReady} {reasons.join('; ')}
        </Notice>
      )}
      {damaged > 0 && <Notice kind="warn">{t.status.damaged(printCount(damaged))}</Notice>}
      <dl className="figures-grid">
        <Figure name={t.status.acknowledged} value={printCount(sum((figures) => figures.acknowledgedLogs))} />
        <Figure
          name={t.status.backlog}
          value={printCount(sum((figures) => figures.unloadedSegments))}
          hint={t.status.backlogHint}
        />
        <Figure name={t.status.lag} value={printSeconds(lag)} hint={t.status.lagHint} />
        <Figure name={t.status.spool} value={printBytes(sum((figures) => figures.spoolBytes))} />
        <Figure
          name={t.status.disk}
          value={printBytes(disk.freeBytes)}
          hint={t.status.diskHint(printBytes(disk.totalBytes), printBytes(disk.floorBytes))}
          share={1 - disk.freeBytes / Math.max(disk.totalBytes, 1)}
        />
        <StoreFigure store={store} />
      </dl>
      <div className="card">
        <div className="card-head">
          <h2>{t.status.shards}</h2>
        </div>
        <div className="data-scroll">
          <Shards shards={shards} />
        </div>
      </div>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  /** Of something that fills up, 0 to 1. */
  readonly share?: number;
}

function Figure({ name, value, hint, share }: FigureProps) {
  return (
    <div className="card figure">
      <dt>{name}</dt>
      <dd>{value}</dd>
      {share !== undefined && <meter min={0} max={1} high={0.9} value={share} aria-label={name} />}
      {hint !== undefined && <dd className="hint">{hint}</dd>}
    </div>
  );
}

function StoreFigure({ store }: { readonly store: StoreStatus }) {
  const t = useText();
  if (store.kind === 'none') return null;
  const { state, lastError } = store;
  const well =
    store.kind === 'embedded'
      ? t.status.restarts(printCount(store.restarts))
      : store.servers.flatMap(({ url, isUp }) => (isUp ? [url] : [])).join(', ');
  const hint = lastError ?? well;
  return <Figure name={t.status.store} value={t.status.storeStates[state]} hint={hint} />;
}

function Shards({ shards }: { readonly shards: readonly ShardStatus[] }) {
  const t = useText();
  return (
    <table className="data">
      <thead>
        <tr>
          <th>{t.status.shard}</th>
          <th>{t.status.state}</th>
          <th className="number">{t.status.process}</th>
          <th className="number">{t.status.restartCount}</th>
          <th className="number">{t.status.acknowledged}</th>
          <th className="number">{t.status.backlog}</th>
          <th className="number">{t.status.spool}</th>
        </tr>
      </thead>
      <tbody>
        {shards.map(({ shard, pid, restarts, ready, reasons, figures }) => (
          <tr key={shard}>
            <td>{shard}</td>
            <td>
              <span className={`badge ${ready ? 'good' : 'bad'}`}>{ready ? t.status.up : reasons.join('; ')}</span>
            </td>
            <td className="number">{pid ?? '–'}</td>
            <td className="number">{restarts}</td>
            <td className="number">{figures === null ? '–' : printCount(figures.acknowledgedLogs)}</td>
            <td className="number">{figures === null ? '–' : printCount(figures.unloadedSegments)}</td>
            <td className="number">{figures === null ? '–' : printBytes(figures.spoolBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
