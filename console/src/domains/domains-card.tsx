/** The hosts of the operator's own, and the project each stands for. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DomainInfo } from '../../../src/api/domains.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { allDomains, useDeleteDomain } from '../server/domains.js';
import { printShort } from '../time/print-time.js';
import { Confirm } from '../ui/confirm.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Trouble } from '../ui/notice.js';
import { NewDomain } from './new-domain.js';

interface Props {
  readonly projects: readonly string[];
  readonly mayManage: boolean;
}

export function DomainsCard({ projects, mayManage }: Props) {
  const t = useText();
  const domains = useQuery(allDomains);
  const [isAdding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<DomainInfo | null>(null);
  return (
    <section className="card" aria-label={t.domains.title}>
      <div className="card-head">
        <h2>{t.domains.title}</h2>
        <p>{t.domains.lead}</p>
        {mayManage && (
          <button type="button" className="button small" onClick={() => setAdding(true)}>
            <Icon name="plus" size={14} />
            {t.domains.create}
          </button>
        )}
      </div>
      {domains.isError && <Trouble error={domains.error} onRetry={() => void domains.refetch()} />}
      {domains.data?.length === 0 && <p className="card-body">{t.domains.none}</p>}
      {domains.data !== undefined && domains.data.length > 0 && (
        <div className="data-scroll">
          <table className="data">
            <thead>
              <tr>
                <th>{t.domains.host}</th>
                <th>{t.search.project}</th>
                <th>{t.domains.from}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {domains.data.map((domain) => (
                <DomainLine
                  key={domain.host}
                  domain={domain}
                  mayManage={mayManage}
                  onDelete={() => setDoomed(domain)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isAdding && <NewDomain projects={projects} onClose={() => setAdding(false)} />}
      {doomed !== null && <DeleteDomain domain={doomed} onClose={() => setDoomed(null)} />}
    </section>
  );
}

interface LineProps {
  readonly domain: DomainInfo;
  readonly mayManage: boolean;
  readonly onDelete: () => void;
}

function DomainLine({ domain: { host, project, from, createdAt }, mayManage, onDelete }: LineProps) {
  const t = useText();
  const zone = useZone();
  return (
    <tr>
      <td className="mono">{host}</td>
      <td>{project}</td>
      <td>{createdAt === null ? t.domains.fromSettings : t.domains.fromHere(printShort(createdAt * 1000, zone))}</td>
      <td className="end">
        {mayManage && from === 'catalog' && (
          <IconButton icon="trash" size="small" label={t.domains.remove(host)} onClick={onDelete} />
        )}
      </td>
    </tr>
  );
}

function DeleteDomain({ domain, onClose }: { readonly domain: DomainInfo; readonly onClose: () => void }) {
  const t = useText();
  const change = useDeleteDomain();
  return (
    <Confirm
      title={t.domains.remove(domain.host)}
      name={domain.host}
      action={t.common.remove}
      change={change}
      onConfirm={() => change.mutate(domain.host, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.domains.loses(domain.host, domain.project)}</p>
    </Confirm>
  );
}
