import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogstoreInfo } from '../../../src/api/catalog.js';
import { useText } from '../i18n/text.js';
import { START } from '../location/place.js';
import { go } from '../location/use-place.js';
import { logstoresOf, projectOf, useDeleteLogstore, useDeleteProject } from '../server/catalog.js';
import { allDomains } from '../server/domains.js';
import { noticesOf } from '../server/schema.js';
import { Confirm } from '../ui/confirm.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Trouble } from '../ui/notice.js';
import { LogstoreForm } from './logstore-form.js';

type Open = { what: 'new' } | { what: 'edit' | 'delete'; logstore: LogstoreInfo } | { what: 'deleteProject' } | null;

export function ProjectCard({ project, mayManage }: { readonly project: string; readonly mayManage: boolean }) {
  const t = useText();
  const description = useQuery(projectOf(project)).data?.description;
  const logstores = useQuery(logstoresOf(project));
  const notices = useQuery(noticesOf(project)).data?.filter(
    (notice) => !notice.isAcknowledged && notice.endedAt === null,
  );
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <section className="card" aria-label={project}>
      <div className="card-head">
        <h2>{project}</h2>
        <p>{description}</p>
        {mayManage && (
          <>
            <button type="button" className="button small" onClick={() => setOpen({ what: 'new' })}>
              <Icon name="plus" size={14} />
              {t.projects.createLogstore}
            </button>
            <IconButton
              icon="trash"
              size="small"
              label={t.projects.deleteProject(project)}
              onClick={() => setOpen({ what: 'deleteProject' })}
            />
          </>
        )}
      </div>
      {logstores.isError && <Trouble error={logstores.error} onRetry={() => void logstores.refetch()} />}
      {logstores.data?.length === 0 && <p className="card-body">{t.projects.noLogstores}</p>}
      {logstores.data !== undefined && logstores.data.length > 0 && (
        <div className="data-scroll">
          <table className="data">
            <thead>
              <tr>
                <th>{t.search.logstore}</th>
                <th>{t.projects.webTracking}</th>
                <th className="wide-only">{t.projects.origins}</th>
                <th className="number wide-only">{t.projects.ttl}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {logstores.data.map((logstore) => (
                <LogstoreLine
                  key={logstore.name}
                  logstore={logstore}
                  mayManage={mayManage}
                  noticeCount={notices?.filter((notice) => notice.logstore === logstore.name).length ?? 0}
                  onEdit={() => setOpen({ what: 'edit', logstore })}
                  onDelete={() => setOpen({ what: 'delete', logstore })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open?.what === 'new' && <LogstoreForm project={project} logstore={null} onClose={close} />}
      {open?.what === 'edit' && <LogstoreForm project={project} logstore={open.logstore} onClose={close} />}
      {open?.what === 'delete' && <DeleteLogstore logstore={open.logstore} onClose={close} />}
      {open?.what === 'deleteProject' && (
        <DeleteProject project={project} logstores={logstores.data ?? []} onClose={close} />
      )}
    </section>
  );
}

interface LineProps {
  readonly logstore: LogstoreInfo;
  readonly mayManage: boolean;
  /** Of what has changed about its fields, and nobody has acknowledged. */
  readonly noticeCount: number;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

function LogstoreLine({ logstore, mayManage, noticeCount, onEdit, onDelete }: LineProps) {
  const t = useText();
  const { project, name, webTracking, ttlDays, origins } = logstore;
  return (
    <tr>
      <td>
        <button
          type="button"
          className="link-button"
          onClick={() => go('visit', { ...START, project, logstore: name })}
        >
          {name}
        </button>
        {noticeCount > 0 && (
          <button
            type="button"
            className="badge warn notice-count"
            onClick={() => go('visit', { ...START, page: 'logstore', part: 'fields', project, logstore: name })}
          >
            {t.schema.open(String(noticeCount))}
          </button>
        )}
      </td>
      <td>
        <span className={`badge ${webTracking ? 'good' : ''}`}>{webTracking ? t.projects.on : t.projects.off}</span>
      </td>
      <td className="wide-only">
        {t.projects.originModes[origins.mode]}
        {origins.mode !== 'off' && ` (${origins.allowed.length})`}
      </td>
      <td className="number wide-only">{t.projects.days(String(ttlDays))}</td>
      <td className="end">
        {mayManage && (
          <>
            <IconButton
              icon="fields"
              size="small"
              label={t.projects.index(name)}
              onClick={() => go('visit', { ...START, page: 'logstore', project, logstore: name })}
            />
            <IconButton icon="edit" size="small" label={t.projects.edit(name)} onClick={onEdit} />
            <IconButton icon="trash" size="small" label={t.projects.deleteLogstore(name)} onClick={onDelete} />
          </>
        )}
      </td>
    </tr>
  );
}

function DeleteLogstore({ logstore, onClose }: { readonly logstore: LogstoreInfo; readonly onClose: () => void }) {
  const t = useText();
  const change = useDeleteLogstore(logstore.project, logstore.name);
  return (
    <Confirm
      title={t.projects.deleteLogstore(logstore.name)}
      name={logstore.name}
      action={t.common.remove}
      change={change}
      onConfirm={() => change.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.projects.logstoreLoses(logstore.name)}</p>
    </Confirm>
  );
}

interface DeleteProjectProps {
  readonly project: string;
  readonly logstores: readonly LogstoreInfo[];
  readonly onClose: () => void;
}

function DeleteProject({ project, logstores, onClose }: DeleteProjectProps) {
  const t = useText();
  const change = useDeleteProject(project);
  const domains = useQuery(allDomains).data?.filter((each) => each.project === project && each.from === 'catalog');
  return (
    <Confirm
      title={t.projects.deleteProject(project)}
      name={project}
      action={t.common.remove}
      change={change}
      onConfirm={() => change.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.projects.projectLoses(project)}</p>
      <ul className="mono">
        {logstores.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
        {domains?.map(({ host }) => (
          <li key={host}>{host}</li>
        ))}
      </ul>
    </Confirm>
  );
}
