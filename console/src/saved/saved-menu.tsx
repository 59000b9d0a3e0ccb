/** The saved searches of the project, and a way to add the present one. */
import './saved.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { savedSearchesOf, useDeleteSearch } from '../server/saved-searches.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Trouble } from '../ui/notice.js';
import { Popover } from '../ui/popover.js';
import { SaveForm } from './save-form.js';
import { placeOf } from './saved-place.js';

interface Props {
  readonly place: Place;
  readonly project: string;
  readonly mayManage: boolean;
}

export function SavedMenu({ place, project, mayManage }: Props) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const saved = useQuery({ ...savedSearchesOf(project), enabled: isOpen });
  const remove = useDeleteSearch(project);
  return (
    <>
      <Popover
        isOpen={isOpen}
        onOpenChange={setOpen}
        label={t.saved.title}
        buttonLabel={t.saved.title}
        buttonClass="quiet small icon-only"
        button={<Icon name="star" size={14} />}
        align="right"
      >
        <div className="saved-menu">
          {mayManage && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                setOpen(false);
                setSaving(true);
              }}
            >
              <Icon name="plus" size={14} />
              {t.saved.save}
            </button>
          )}
          {saved.isError && <Trouble error={saved.error} onRetry={() => void saved.refetch()} />}
          {remove.isError && <Trouble error={remove.error} />}
          {saved.data?.length === 0 && <p className="field-note">{t.saved.none}</p>}
          <ul>
            {saved.data?.map((search) => (
              <li key={search.id}>
                <button
                  type="button"
                  className="menu-item"
                  onClick={() => {
                    setOpen(false);
                    go('visit', placeOf(project, search));
                  }}
                >
                  <strong>{search.name}</strong>
                  <span className="mono">
                    {search.logstore} · {search.query || '*'}
                  </span>
                </button>
                {mayManage && (
                  <IconButton
                    icon="trash"
                    size="small"
                    label={t.saved.remove(search.name)}
                    onClick={() => remove.mutate(search.id)}
                  />
                )}
              </li>
            ))}
          </ul>
        </div>
      </Popover>
      {isSaving && <SaveForm place={place} project={project} onClose={() => setSaving(false)} />}
    </>
  );
}
