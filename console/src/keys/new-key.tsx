import { type FormEvent, useState } from 'react';
import type { CreatedKey, KeyRole } from '../../../src/api/keys.js';
import { useText } from '../i18n/text.js';
import { useCreateKey } from '../server/keys.js';
import { Modal } from '../ui/modal.js';
import { Trouble } from '../ui/notice.js';

const ROLES: readonly KeyRole[] = ['read', 'write', 'manage'];

interface Props {
  readonly onCreated: (key: CreatedKey) => void;
  readonly onClose: () => void;
}

export function NewKey({ onCreated, onClose }: Props) {
  const t = useText();
  const create = useCreateKey();
  const [roles, setRoles] = useState<readonly KeyRole[]>(['read']);
  const [projects, setProjects] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const names = projects.split(/[\s,，]+/).filter((name) => name !== '');
    create.mutate({ roles, projects: names.length === 0 ? null : names }, { onSuccess: onCreated });
  };
  const toggle = (role: KeyRole) =>
    setRoles(roles.includes(role) ? roles.filter((one) => one !== role) : [...roles, role]);
  return (
    <Modal title={t.accessKeys.create} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <fieldset>
          <legend>{t.accessKeys.roles}</legend>
          {ROLES.map((role) => (
            <label className="check" key={role}>
              <input type="checkbox" checked={roles.includes(role)} onChange={() => toggle(role)} />
              <span>
                <strong>{t.accessKeys.roleNames[role]}</strong> · {t.accessKeys.roleHints[role]}
              </span>
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span className="label">{t.accessKeys.projects}</span>
          <input
            className="input"
            value={projects}
            placeholder={t.accessKeys.allProjects}
            onChange={(event) => setProjects(event.target.value)}
          />
          <span className="hint">{t.accessKeys.projectsHint}</span>
        </label>
        {create.isError && <Trouble error={create.error} />}
        <div className="modal-actions">
          <button type="submit" className="button primary" disabled={roles.length === 0 || create.isPending}>
            {t.accessKeys.create}
          </button>
        </div>
      </form>
    </Modal>
  );
}
