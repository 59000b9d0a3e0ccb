import { useText } from '../i18n/text.js';
import { type Place, ROW_VIEWS } from '../location/place.js';
import { go } from '../location/use-place.js';
import { IconButton } from '../ui/icon-button.js';

/** How each log is shown. */
export function ViewButtons({ place: { view, isWrapped } }: { readonly place: Place }) {
  const t = useText();
  return (
    <>
      <fieldset className="segments" aria-label={t.rows.views.title}>
        {ROW_VIEWS.map((one) => (
          <button
            type="button"
            key={one}
            className="button small"
            aria-pressed={one === view}
            onClick={() => go('adjust', { view: one })}
          >
            {t.rows.views[one]}
          </button>
        ))}
      </fieldset>
      <IconButton
        icon="wrap"
        size="small"
        label={t.rows.wrap}
        aria-pressed={isWrapped}
        onClick={() => go('adjust', { isWrapped: !isWrapped })}
      />
    </>
  );
}
