import { useText } from '../i18n/text.js';
import type { WordDraft } from './index-draft.js';

interface Props {
  readonly words: WordDraft;
  readonly onChange: (words: Partial<WordDraft>) => void;
}

/** How a text is cut into words, and which of them are the same. */
export function WordFields({ words: { tokens, caseSensitive, chn }, onChange }: Props) {
  const t = useText();
  return (
    <div className="word-fields">
      <label>
        <span className="index-label">{t.index.tokens}</span>
        <input
          className="input mono"
          value={tokens}
          spellCheck={false}
          title={t.index.tokensHint}
          onChange={(event) => onChange({ tokens: event.target.value })}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={caseSensitive}
          onChange={(event) => onChange({ caseSensitive: event.target.checked })}
        />
        {t.index.caseSensitive}
      </label>
      <label className="check">
        <input type="checkbox" checked={chn} onChange={(event) => onChange({ chn: event.target.checked })} />
        {t.index.chn}
      </label>
    </div>
  );
}
