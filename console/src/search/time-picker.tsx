/** The range of time: presets, or anything that can be typed. */
import './time-picker.css';
import { type FormEvent, useState } from 'react';
import { ZoneSelect } from '../app/zone-select.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import {
  absoluteRange,
  isRelative,
  lastRange,
  PRESET_OFFSETS,
  parseRange,
  presetOf,
  printRange,
  type Range,
  resolveRange,
} from '../time/range.js';
import { Icon } from '../ui/icon.js';
import { Popover } from '../ui/popover.js';

interface Props {
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function TimePicker({ range, onRange, isOpen, onOpenChange }: Props) {
  const t = useText();
  const zone = useZone();
  const preset = presetOf(range);
  const shown = preset === null ? printRange(range, zone) : t.time.last(preset);
  const choose = (next: Range) => {
    onRange(next);
    onOpenChange(false);
  };
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      label={t.time.title}
      buttonLabel={`${t.time.title}: ${shown}`}
      buttonClass="time-button"
      button={
        <>
          <Icon name="clock" />
          <span>{shown}</span>
        </>
      }
      align="right"
    >
      <div className="time-picker">
        <TypedRange range={range} onRange={choose} />
        <div className="time-presets">
          {PRESET_OFFSETS.map((offset) => (
            <button
              type="button"
              key={offset}
              className="button small"
              aria-pressed={offset === preset}
              onClick={() => choose(lastRange(offset))}
            >
              {offset}
            </button>
          ))}
        </div>
        {isRelative(range) && (
          <button
            type="button"
            className="button small"
            onClick={() => choose(absoluteRange(resolveRange(range, Date.now())))}
          >
            {t.time.freeze}
          </button>
        )}
        <div className="field">
          <span className="label">{t.preferences.zone}</span>
          <ZoneSelect />
        </div>
      </div>
    </Popover>
  );
}

function TypedRange({ range, onRange }: Pick<Props, 'range' | 'onRange'>) {
  const t = useText();
  const zone = useZone();
  const [typed, setTyped] = useState(() => printRange(range, zone));
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseRange(typed, zone, Date.now());
    setWrong(parsed === null);
    if (parsed !== null) onRange(parsed);
  };
  return (
    <form onSubmit={submit} className="field">
      <label className="label" htmlFor="typed-range">
        {t.time.typed}
      </label>
      <div className="time-typed">
        <input
          id="typed-range"
          className="input"
          value={typed}
          aria-invalid={isWrong}
          aria-describedby="typed-range-hint"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: it was opened to type, by click or by `d`
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button primary">
          {t.time.apply}
        </button>
      </div>
      <span className="hint" id="typed-range-hint" role={isWrong ? 'alert' : undefined}>
        {isWrong ? t.time.wrong : t.time.hint}
      </span>
    </form>
  );
}
