/** Two links: one that means the same moment for ever, and one that means the same distance from now. */
import { useState } from 'react';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { urlOf } from '../location/use-place.js';
import { absoluteRange, isRelative } from '../time/range.js';
import { writeClipboard } from '../ui/copy-button.js';
import { Icon } from '../ui/icon.js';
import { Popover } from '../ui/popover.js';
import type { Asked } from './use-asked.js';

interface Props {
  readonly place: Place;
  readonly asked: Asked;
}

export function ShareMenu({ place, asked }: Props) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const copy = async (link: string) => {
    await writeClipboard(link);
    setOpen(false);
  };
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setOpen}
      label={t.share.title}
      buttonLabel={t.share.title}
      buttonClass="quiet small icon-only"
      button={<Icon name="link" size={14} />}
      align="right"
    >
      <div className="menu">
        <button type="button" className="menu-item" onClick={() => void copy(urlOf(place))}>
          {isRelative(place.range) ? t.share.relative : t.share.asIs}
        </button>
        {isRelative(place.range) && (
          <button
            type="button"
            className="menu-item"
            onClick={() => void copy(urlOf({ ...place, range: absoluteRange(asked) }))}
          >
            {t.share.absolute}
          </button>
        )}
      </div>
    </Popover>
  );
}
