import { useMemo } from 'react';
import { openZone, type Zone } from '../time/zone.js';
import { usePreferences, zoneNameOf } from './preferences.js';

/** The zone in which all times are shown, typed and exported. */
export function useZone(): Zone {
  const name = zoneNameOf(usePreferences());
  return useMemo(() => openZone(name), [name]);
}
