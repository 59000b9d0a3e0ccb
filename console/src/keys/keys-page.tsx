/** Who may use the service, and for what. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreatedKey, KeyInfo } from '../../../src/api/keys.js';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { allKeys, useDeleteKey, useSwitchKey } from '../server/keys.js';
import { printShort } from '../time/print-time.js';
import { Confirm } from '../ui/confirm.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Modal } from '../ui/modal.js';
import { Notice, Trouble } from '../ui/notice.js';
import { Sheet } from '../ui/sheet.js';
import { Snippet } from '../ui/snippet.js';
import { NewKey } from './new-key.js';

export function KeysPage({ session }: { readonly session: SessionInfo }) {
  const t = useText();
  const keys = useQuery(allKeys);
  const [isAdding, setAdding] = useState(false);
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const [doomed, setDoomed] = useState<KeyInfo | null>(null);
  return (
    <Sheet
      title={t.shell.page.keys}
      lead={t.accessKeys.lead}
      action={
        <button type="button" className="button primary" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {t.accessKeys.create}
        </button>
      }
    >
      {keys.isError && <Trouble error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data !== undefined && (
        <div className="card data-scroll">
          <table className="data">
            <thead>
              <tr>
                <th>{t.signIn.id}</th>
                <th>{t.accessKeys.roles}</th>
                <th className="wide-only">{t.accessKeys.projects}</th>
                <th className="wide-only">{t.accessKeys.created}</th>
                <th>{t.accessKeys.state}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {keys.data.map((key) => (
                <KeyLine key={key.id} info={key} isOwn={key.id === session.id} onDelete={() => setDoomed(key)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isAdding && (
        <NewKey
          onClose={() => setAdding(false)}
          onCreated={(key) => {
            setAdding(false);
            setCreated(key);
          }}
        />
      )}
      {created !== null && (
        <Modal title={t.accessKeys.createdTitle} onClose={() => setCreated(null)}>
          <Notice kind="warn">{t.accessKeys.onlyOnce}</Notice>
          <Snippet text={`LOGBOOM_ACCESS_KEY_ID=${created.id}\nLOGBOOM_ACCESS_KEY_SECRET=${created.secret}`} />
        </Modal>
      )}
      {doomed !== null && <DeleteKey info={doomed} onClose={() => setDoomed(null)} />}
    </Sheet>
  );
}

interface LineProps {
  readonly info: KeyInfo;
  readonly isOwn: boolean;
  readonly onDelete: () => void;
}

function KeyLine({ info: { id, roles, projects, createdAt, isEnabled }, isOwn, onDelete }: LineProps) {
  const t = useText();
  const zone = useZone();
  const change = useSwitchKey();
  return (
    <tr>
      <td className="mono">
        {id} {isOwn && <span className="badge">{t.accessKeys.own}</span>}
      </td>
      <td>{roles.map((role) => t.accessKeys.roleNames[role]).join(', ')}</td>
      <td className="wide-only">{projects === null ? t.accessKeys.allProjects : projects.join(', ')}</td>
      <td className="wide-only">{printShort(createdAt * 1000, zone)}</td>
      <td>
        <span className={`badge ${isEnabled ? 'good' : ''}`}>
          {isEnabled ? t.accessKeys.enabled : t.accessKeys.disabled}
        </span>
        {change.isError && <Trouble error={change.error} />}
      </td>
      <td className="end">
        <button
          type="button"
          className="button small"
          disabled={isOwn || change.isPending}
          onClick={() => change.mutate({ id, isEnabled: !isEnabled })}
        >
          {isEnabled ? t.accessKeys.disable : t.accessKeys.enable}
        </button>{' '}
        <IconButton icon="trash" size="small" label={t.accessKeys.remove(id)} disabled={isOwn} onClick={onDelete} />
      </td>
    </tr>
  );
}

function DeleteKey({ info, onClose }: { readonly info: KeyInfo; readonly onClose: () => void }) {
  const t = useText();
  const change = useDeleteKey();
  return (
    <Confirm
      title={t.accessKeys.remove(info.id)}
      name={info.id}
      action={t.common.remove}
      change={change}
      onConfirm={() => change.mutate(info.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.accessKeys.removeLoses}</p>
    </Confirm>
  );
}
