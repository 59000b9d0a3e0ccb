/** A field of the index. */
import { useText } from '../i18n/text.js';
import { IconButton } from '../ui/icon-button.js';
import type { FieldType, KeyDraft } from './index-draft.js';
import { WordFields } from './word-fields.js';

interface Props {
  readonly draft: KeyDraft;
  readonly isWrong: boolean;
  readonly onChange: (draft: KeyDraft) => void;
  readonly onRemove: () => void;
}

const TYPES: readonly FieldType[] = ['text', 'long', 'double', 'json'];

export function KeyLine({ draft, isWrong, onChange, onRemove }: Props) {
  const t = useText();
  const { name, type, alias, docValue, given } = draft;
  const paths = Object.keys(given.json_keys ?? {});
  return (
    <fieldset className={isWrong ? 'key-line wrong' : 'key-line'} aria-label={name}>
      <span className="key-name mono" title={name}>
        {name}
      </span>
      <select
        className="select"
        aria-label={t.index.type(name)}
        value={type}
        onChange={(event) => onChange({ ...draft, type: TYPES.find((one) => one === event.target.value) ?? type })}
      >
        {TYPES.map((one) => (
          <option key={one} value={one}>
            {t.fields.types[one]}
          </option>
        ))}
      </select>
      <label>
        <span className="index-label">{t.index.alias}</span>
        <input
          className="input"
          value={alias}
          spellCheck={false}
          onChange={(event) => onChange({ ...draft, alias: event.target.value })}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={docValue}
          onChange={(event) => onChange({ ...draft, docValue: event.target.checked })}
        />
        {t.index.docValue}
      </label>
      <IconButton icon="trash" size="small" label={t.index.removeField(name)} onClick={onRemove} />
      {(type === 'text' || type === 'json') && (
        <WordFields words={draft} onChange={(words) => onChange({ ...draft, ...words })} />
      )}
      {type === 'json' && paths.length > 0 && <p className="key-paths">{t.index.paths(paths.join(', '))}</p>}
    </fieldset>
  );
}
