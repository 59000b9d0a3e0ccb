/** What a person likes, whatever is shown: kept by the browser, for this console. public/theme.js reads the theme before us. */
import { useSyncExternalStore } from 'react';
import { browserZoneName } from '../time/zone.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
export const LANGUAGES = ['en', 'zh-CN'] as const;

export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];
export type Language = (typeof LANGUAGES)[number];

export interface Preferences {
  readonly theme: Theme;
  readonly language: Language;
  /** Of rows of logs. */
  readonly density: Density;
  /** A name of the IANA database, or `browser`. */
  readonly zone: string;
}

const STORED_AS = 'logboom.preferences';

const CHANGED = 'logboom:preferences';

export function usePreferences(): Preferences {
  const stored = useSyncExternalStore(subscribe, readStored);
  return parsePreferences(stored, navigator.languages);
}

export function setPreferences(change: Partial<Preferences>): void {
  const preferences = { ...parsePreferences(readStored(), navigator.languages), ...change };
  try {
    window.localStorage.setItem(STORED_AS, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing: it stays as it is.
  }
  const { dataset } = document.documentElement;
  if (preferences.theme === 'system') delete dataset['theme'];
  else dataset['theme'] = preferences.theme;
  window.dispatchEvent(new Event(CHANGED));
}

/** What is missing or unknown is as the browser suggests. */
export function parsePreferences(stored: string | null, browserLanguages: readonly string[]): Preferences {
  const known = parseObject(stored);
  const isChinese = /^zh\b/i.test(browserLanguages[0] ?? '');
  return {
    theme: THEMES.find((theme) => theme === known['theme']) ?? 'system',
    language: LANGUAGES.find((language) => language === known['language']) ?? (isChinese ? 'zh-CN' : 'en'),
    density: DENSITIES.find((density) => density === known['density']) ?? 'comfortable',
    zone: typeof known['zone'] === 'string' ? known['zone'] : 'browser',
  };
}

export function zoneNameOf({ zone }: Preferences): string {
  return zone === 'browser' ? browserZoneName() : zone;
}

function parseObject(stored: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function readStored(): string | null {
  try {
    return window.localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  // Of another tab.
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}
