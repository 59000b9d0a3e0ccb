/** Theme, language and time zone. */
import './preferences-menu.css';
import { useState } from 'react';
import { useText } from '../i18n/text.js';
import { DENSITIES, LANGUAGES, setPreferences, THEMES, usePreferences } from '../preferences/preferences.js';
import { Icon } from '../ui/icon.js';
import { Popover } from '../ui/popover.js';
import { ZoneSelect } from './zone-select.js';

/** Each in its own language: whoever got lost in another finds the way back. */
const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } as const;

export function PreferencesMenu({ align }: { readonly align: 'left' | 'right' }) {
  const t = useText();
  const { theme, language, density } = usePreferences();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setOpen}
      label={t.preferences.title}
      buttonLabel={t.preferences.title}
      buttonClass="quiet icon-only"
      button={<Icon name="settings" />}
      align={align}
    >
      <div className="preferences">
        <Choice
          legend={t.preferences.theme}
          names={t.preferences.themes}
          options={THEMES}
          chosen={theme}
          onChoose={(next) => setPreferences({ theme: next })}
        />
        <Choice
          legend={t.preferences.language}
          names={LANGUAGE_NAMES}
          options={LANGUAGES}
          chosen={language}
          onChoose={(next) => setPreferences({ language: next })}
        />
        <Choice
          legend={t.preferences.density}
          names={t.preferences.densities}
          options={DENSITIES}
          chosen={density}
          onChoose={(next) => setPreferences({ density: next })}
        />
        <div className="field">
          <span className="label">{t.preferences.zone}</span>
          <ZoneSelect />
        </div>
      </div>
    </Popover>
  );
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly names: Readonly<Record<T, string>>;
  readonly options: readonly T[];
  readonly chosen: T;
  readonly onChoose: (option: T) => void;
}

function Choice<T extends string>({ legend, names, options, chosen, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset className="preferences-choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <button
          type="button"
          key={option}
          className="button small"
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
        >
          {names[option]}
        </button>
      ))}
    </fieldset>
  );
}
