/** The index of a logstore: as a form, or as the JSON of it for those who have one from elsewhere. */
import './index-editor.css';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { IndexConfig, LogstoreIndexInfo } from '../../../src/api/logstore-index.js';
import type { FieldsAnswer } from '../../../src/api/query.js';
import { useText } from '../i18n/text.js';
import { indexOf, useDeleteIndex, useSetIndex } from '../server/logstore-index.js';
import { Confirm } from '../ui/confirm.js';
import { Notice, Trouble } from '../ui/notice.js';
import { configOf, draftOf, type IndexDraft } from './index-draft.js';
import { IndexForm } from './index-form.js';
import { IndexJson } from './index-json.js';
import { useSeenFields } from './use-seen-fields.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly mayManage: boolean;
}

export function IndexPart({ project, logstore, mayManage }: Props) {
  const t = useText();
  const index = useQuery(indexOf(project, logstore));
  const seen = useSeenFields(project, logstore);
  const set = useSetIndex(project, logstore);
  if (index.isError) return <Trouble error={index.error} onRetry={() => void index.refetch()} />;
  if (index.data === undefined) return <p>{t.common.loading}</p>;
  return (
    <IndexEditor
      // What was saved is where the next change begins.
      key={index.dataUpdatedAt}
      project={project}
      logstore={logstore}
      mayManage={mayManage}
      info={index.data}
      seen={seen.data?.fields ?? []}
      set={set}
    />
  );
}

interface EditorProps extends Props {
  readonly info: LogstoreIndexInfo;
  readonly seen: FieldsAnswer['fields'];
  readonly set: ReturnType<typeof useSetIndex>;
}

function IndexEditor({ project, logstore, mayManage, info, seen, set }: EditorProps) {
  const t = useText();
  const { config, defaultToken } = info;
  const start = useMemo(() => draftOf(config, defaultToken), [config, defaultToken]);
  const [draft, setDraft] = useState(start);
  const [isJson, setJson] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const change = configOf(draft, defaultToken);
  // Both from drafts: the service may have the same in another order.
  const isChanged = JSON.stringify(change) !== JSON.stringify(configOf(start, defaultToken));
  const take = (next: IndexDraft) => {
    set.reset();
    setDraft(next);
  };
  return (
    <section className="index-editor" aria-label={t.index.title}>
      <Notice kind={isChanged ? 'warn' : 'plain'}>{config === null ? t.index.none : t.index.effect}</Notice>
      <fieldset className="segments" aria-label={t.rows.views.title}>
        {[false, true].map((one) => (
          <button
            type="button"
            key={String(one)}
            className="button small"
            aria-pressed={isJson === one}
            onClick={() => setJson(one)}
          >
            {one ? t.rows.views.json : t.index.form}
          </button>
        ))}
      </fieldset>
      {isJson ? (
        <IndexJson
          config={change}
          onChange={(given: IndexConfig | null) => take(draftOf(given, defaultToken))}
          isReadOnly={!mayManage}
        />
      ) : (
        <IndexForm
          draft={draft}
          onChange={take}
          seen={seen}
          defaultToken={defaultToken}
          isReadOnly={!mayManage}
          error={set.error}
        />
      )}
      {set.isError && <Trouble error={set.error} />}
      {set.isSuccess && !isChanged && <Notice kind="good">{t.index.saved}</Notice>}
      {mayManage && (
        <div className="index-actions">
          {config !== null && (
            <button type="button" className="button index-remove" onClick={() => setDeleting(true)}>
              {t.index.remove}
            </button>
          )}
          <button type="button" className="button" disabled={!isChanged} onClick={() => take(start)}>
            {t.index.undo}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!isChanged || change === null || set.isPending}
            onClick={() => change !== null && set.mutate(change)}
          >
            {t.common.save}
          </button>
        </div>
      )}
      {isDeleting && <DeleteIndex project={project} logstore={logstore} onClose={() => setDeleting(false)} />}
    </section>
  );
}

interface DeleteProps {
  readonly project: string;
  readonly logstore: string;
  readonly onClose: () => void;
}

function DeleteIndex({ project, logstore, onClose }: DeleteProps) {
  const t = useText();
  const change = useDeleteIndex(project, logstore);
  return (
    <Confirm
      title={t.index.remove}
      name={logstore}
      action={t.common.remove}
      change={change}
      onConfirm={() => change.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.index.removeLoses(logstore)}</p>
    </Confirm>
  );
}
