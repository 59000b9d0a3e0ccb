import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { savedSearchesOf, useSaveSearch } from '../server/saved-searches.js';
import { Modal } from '../ui/modal.js';
import { Trouble } from '../ui/notice.js';
import { bodyOf } from './saved-place.js';

interface Props {
  readonly place: Place;
  readonly project: string;
  readonly onClose: () => void;
}

export function SaveForm({ place, project, onClose }: Props) {
  const t = useText();
  const listId = useId();
  const save = useSaveSearch(project);
  const saved = useQuery(savedSearchesOf(project)).data ?? [];
  const dashboards = [...new Set(saved.flatMap(({ dashboard }) => dashboard ?? []))].sort();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    const body = bodyOf(place, text('name'), text('dashboard') || null);
    save.mutate({ ...body, id: null }, { onSuccess: onClose });
  };
  return (
    <Modal title={t.saved.save} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span className="label">{t.projects.name}</span>
          <input className="input" name="name" required maxLength={200} autoComplete="off" />
        </label>
        <label className="field">
          <span className="label">{t.saved.dashboard}</span>
          <input className="input" name="dashboard" maxLength={200} list={listId} autoComplete="off" />
          <span className="hint">{t.saved.dashboardHint}</span>
          <datalist id={listId}>
            {dashboards.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </datalist>
        </label>
        {save.isError && <Trouble error={save.error} />}
        <div className="modal-actions">
          <button type="submit" className="button primary" disabled={save.isPending}>
            {t.common.save}
          </button>
        </div>
      </form>
    </Modal>
  );
}
