import { useState } from 'react';
import type { IndexConfig } from '../../../src/api/logstore-index.js';
import { useText } from '../i18n/text.js';
import { Notice } from '../ui/notice.js';

interface Props {
  readonly config: IndexConfig | null;
  /** Hears of every text that is JSON; what is in it, the service judges. */
  readonly onChange: (config: IndexConfig | null) => void;
  readonly isReadOnly: boolean;
}

/** The index as the APIs of SLS have it. */
export function IndexJson({ config, onChange, isReadOnly }: Props) {
  const t = useText();
  const [text, setText] = useState(() => (config === null ? '' : JSON.stringify(config, null, 2)));
  const [mistake, setMistake] = useState<string | null>(null);
  const write = (typed: string) => {
    setText(typed);
    const read = readConfig(typed);
    setMistake(read.mistake);
    if (read.mistake === null) onChange(read.config);
  };
  return (
    <div className="field">
      <textarea
        className="input mono index-json"
        aria-label={t.rows.views.json}
        aria-invalid={mistake !== null}
        rows={20}
        spellCheck={false}
        readOnly={isReadOnly}
        value={text}
        placeholder={'{"line": {"token": [",", " "]}, "keys": {"status": {"type": "long"}}}'}
        onChange={(event) => write(event.target.value)}
      />
      {mistake !== null && <Notice kind="bad">{mistake}</Notice>}
    </div>
  );
}

type Read =
  | { readonly config: IndexConfig | null; readonly mistake: null }
  | { readonly config: null; readonly mistake: string };

function readConfig(text: string): Read {
  if (text.trim() === '') return { config: null, mistake: null };
  try {
    const value: unknown = JSON.parse(text);
    return isConfig(value) ? { config: value, mistake: null } : { config: null, mistake: '{"line": …, "keys": …}' };
  } catch (error) {
    return { config: null, mistake: error instanceof Error ? error.message : String(error) };
  }
}

/** Enough of an index for the form to show; all else is for the service to say. */
function isConfig(value: unknown): value is IndexConfig {
  if (!isRecord(value)) return false;
  const { line, keys } = value;
  const isLine = line === undefined || (isRecord(line) && isTokenList(line['token']));
  const isKeys =
    keys === undefined ||
    (isRecord(keys) &&
      Object.values(keys).every(
        (key) => isRecord(key) && typeof key['type'] === 'string' && isTokenList(key['token']),
      ));
  return isLine && isKeys;
}

function isTokenList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((token) => typeof token === 'string'));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
