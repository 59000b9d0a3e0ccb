import type { FormEvent } from 'react';
import { useText } from '../i18n/text.js';
import { useCreateProject } from '../server/catalog.js';
import { Modal } from '../ui/modal.js';
import { Trouble } from '../ui/notice.js';

export function NewProject({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const create = useCreateProject();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    create.mutate({ name: text('name'), description: text('description') }, { onSuccess: onClose });
  };
  return (
    <Modal title={t.projects.createProject} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span className="label">{t.projects.name}</span>
          <input className="input" name="name" required autoComplete="off" spellCheck={false} />
          <span className="hint">{t.projects.nameHint}</span>
        </label>
        <label className="field">
          <span className="label">{t.projects.description}</span>
          <input className="input" name="description" autoComplete="off" />
        </label>
        {create.isError && <Trouble error={create.error} />}
        <div className="modal-actions">
          <button type="submit" className="button primary" disabled={create.isPending}>
            {t.projects.createProject}
          </button>
        </div>
      </form>
    </Modal>
  );
}
