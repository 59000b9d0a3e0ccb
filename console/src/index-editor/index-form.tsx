import { useState } from 'react';
import type { FieldsAnswer } from '../../../src/api/query.js';
import { useText } from '../i18n/text.js';
import { ServerError } from '../server/call.js';
import { Icon } from '../ui/icon.js';
import { Notice } from '../ui/notice.js';
import { type FieldType, type IndexDraft, type KeyDraft, namesLost, newKey, newLine } from './index-draft.js';
import { KeyLine } from './key-line.js';
import { WordFields } from './word-fields.js';

interface Props {
  readonly draft: IndexDraft;
  readonly onChange: (draft: IndexDraft) => void;
  readonly seen: FieldsAnswer['fields'];
  readonly defaultToken: readonly string[];
  readonly isReadOnly: boolean;
  /** What the service said of the draft, or null. */
  readonly error: unknown;
}

/** Of names that are lost, so many are said. */
const LOST_SHOWN = 12;

export function IndexForm({ draft, onChange, seen, defaultToken, isReadOnly, error }: Props) {
  const t = useText();
  const { line, keys } = draft;
  const fields = seen.filter(({ name }) => !name.startsWith('__'));
  const lost = namesLost(
    draft,
    fields.map(({ name }) => name),
  );
  const setKey = (index: number, key: KeyDraft) => onChange({ ...draft, keys: keys.with(index, key) });
  const add = (name: string, type: FieldType) =>
    onChange({ ...draft, keys: [...keys, newKey(name, type, defaultToken)] });
  const wrong = nameOfError(
    error,
    keys.map(({ name }) => name),
  );
  return (
    <fieldset className="index-form" disabled={isReadOnly}>
      <div className="card">
        <div className="card-head">
          <label className="check">
            <input
              type="checkbox"
              checked={line !== null}
              onChange={(event) => onChange({ ...draft, line: event.target.checked ? newLine(defaultToken) : null })}
            />
            <strong>{t.index.line}</strong>
          </label>
          <p>{t.index.lineHint}</p>
        </div>
        {line !== null && (
          <div className="card-body">
            <WordFields words={line} onChange={(words) => onChange({ ...draft, line: { ...line, ...words } })} />
          </div>
        )}
      </div>
      <div className="card">
        <div className="card-head">
          <h2>{t.fields.title}</h2>
          <p>{t.index.fieldsHint}</p>
        </div>
        {keys.length > 0 && (
          <ul className="index-keys">
            {keys.map((key, index) => (
              <li key={key.name}>
                <KeyLine
                  draft={key}
                  isWrong={key.name === wrong}
                  onChange={(changed) => setKey(index, changed)}
                  onRemove={() => onChange({ ...draft, keys: keys.toSpliced(index, 1) })}
                />
              </li>
            ))}
          </ul>
        )}
        {!isReadOnly && <AddField taken={keys} seen={fields} onAdd={add} />}
        {lost.length > 0 && (
          <Notice kind="warn">
            {t.index.lost(lost.slice(0, LOST_SHOWN).join(', ') + (lost.length > LOST_SHOWN ? ', …' : ''))}
          </Notice>
        )}
        {line === null && keys.length > 0 && <Notice kind="warn">{t.index.noLine}</Notice>}
      </div>
    </fieldset>
  );
}

interface AddProps {
  readonly taken: readonly KeyDraft[];
  readonly seen: FieldsAnswer['fields'];
  readonly onAdd: (name: string, type: FieldType) => void;
}

/** Adds one that was seen, as what its values look like, or one that is still to come. */
function AddField({ taken, seen, onAdd }: AddProps) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const left = seen.filter(({ name }) => !taken.some((key) => key.name === name));
  const isTaken = taken.some((key) => key.name === typed);
  const add = () => {
    onAdd(typed, left.find(({ name }) => name === typed)?.type ?? 'text');
    setTyped('');
  };
  return (
    <div className="index-add">
      <input
        className="input"
        aria-label={t.index.newField}
        placeholder={t.index.newField}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== '' && !isTaken) add();
        }}
      />
      <button type="button" className="button" disabled={typed === '' || isTaken} onClick={add}>
        <Icon name="plus" size={14} />
        {t.index.add}
      </button>
      {left.length > 0 && (
        <div className="index-seen">
          <span className="index-label">{t.index.seen}</span>
          {left.map(({ name, type }) => (
            <button type="button" key={name} className="button small" onClick={() => onAdd(name, type)}>
              <Icon name="plus" size={12} />
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The field that an answer such as `keys.price.type: …` is about: names may have dots, so the longest one that fits. */
function nameOfError(error: unknown, names: readonly string[]): string | null {
  if (!(error instanceof ServerError)) return null;
  const fitting = names.filter((name) => error.message.includes(`keys.${name}.`));
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? null;
}
