import { useMemo } from 'react';
import { useText } from '../i18n/text.js';
import { setPreferences, usePreferences } from '../preferences/preferences.js';
import { browserZoneName, zoneNames } from '../time/zone.js';

export function ZoneSelect() {
  const t = useText();
  const { zone } = usePreferences();
  const names = useMemo(zoneNames, []);
  return (
    <select
      className="select"
      aria-label={t.preferences.zone}
      value={zone}
      onChange={(event) => setPreferences({ zone: event.target.value })}
    >
      <option value="browser">{t.preferences.browserZone(browserZoneName())}</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
