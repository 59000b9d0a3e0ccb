import { useText } from '../i18n/text.js';
import { REFRESH_SECONDS } from '../location/place.js';
import { Icon } from '../ui/icon.js';

interface Props {
  readonly seconds: number;
  readonly onSeconds: (seconds: number) => void;
  readonly isHeld: boolean;
}

/** How often what is shown is asked again. */
export function RefreshSelect({ seconds, onSeconds, isHeld }: Props) {
  const t = useText();
  const isPaused = seconds > 0 && isHeld;
  return (
    <label className="refresh-select" title={isPaused ? t.refresh.held : t.refresh.title}>
      <Icon name={isPaused ? 'pause' : 'refresh'} size={14} />
      <select
        className="select"
        aria-label={t.refresh.title}
        aria-description={isPaused ? t.refresh.held : undefined}
        value={seconds}
        onChange={(event) => onSeconds(Number(event.target.value))}
      >
        {REFRESH_SECONDS.map((one) => (
          <option key={one} value={one}>
            {one === 0
              ? t.refresh.off
              : one < 60
                ? t.refresh.seconds(String(one))
                : t.refresh.minutes(String(one / 60))}
          </option>
        ))}
      </select>
    </label>
  );
}
