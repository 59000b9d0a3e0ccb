/** Values for the variables of a query. */
import './variable-inputs.css';
import type { FormEvent } from 'react';
import { useText } from '../i18n/text.js';
import { type Variables, variableValue } from './variables.js';

interface Props {
  readonly names: readonly string[];
  readonly values: Variables;
  /** With all values, those of other names included; after Enter, or when one turns to something else. */
  readonly onValues: (values: Variables) => void;
}

export function VariableInputs({ names, values, onValues }: Props) {
  const t = useText();
  if (names.length === 0) return null;
  const read = (form: HTMLFormElement) => {
    const typed = names.map((name) => [name, String(new FormData(form).get(name) ?? '')] as const);
    const isChanged = typed.some(([name, value]) => value !== variableValue(values, name));
    if (isChanged) onValues({ ...values, ...Object.fromEntries(typed) });
  };
  return (
    <form
      className="variable-inputs"
      aria-label={t.variables.title}
      onSubmit={(event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        read(event.currentTarget);
      }}
      onBlur={(event) => read(event.currentTarget)}
    >
      {names.map((name) => (
        <label key={`${name}=${variableValue(values, name)}`}>
          <span className="mono">${name}</span>
          <input
            className="input small"
            name={name}
            maxLength={1000}
            defaultValue={variableValue(values, name)}
            placeholder={t.variables.any}
            spellCheck={false}
            autoComplete="off"
          />
        </label>
      ))}
      <button type="submit" className="visually-hidden">
        {t.time.apply}
      </button>
    </form>
  );
}
