/** Settings that are read again while the service runs: some take effect at once, others wait for a restart. */
import { isDeepStrictEqual } from 'node:util';
import type { Settings } from './layers.js';

export interface Reloaded<All> {
  /** Those in force from now on. */
  readonly values: All;
  /** Names of what changes by that. */
  readonly changed: readonly string[];
  /** Names of what was given anew and waits for a restart. */
  readonly waiting: readonly string[];
}

/** Both are values of all settings in `table`. */
export function takeLive<All extends Readonly<Record<string, unknown>>>(
  table: Settings,
  running: All,
  fresh: All,
): Reloaded<All> {
  const different = Object.keys(table).filter((name) => !isDeepStrictEqual(running[name], fresh[name]));
  const changed = different.filter((name) => table[name]?.isLive);
  const taken = Object.fromEntries(changed.map((name) => [name, fresh[name]]));
  return {
    values: { ...running, ...taken },
    changed,
    waiting: different.filter((name) => !table[name]?.isLive),
  };
}
