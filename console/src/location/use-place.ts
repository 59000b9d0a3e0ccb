/** The address bar as state of the page. */
import { useMemo, useSyncExternalStore } from 'react';
import { type Place, parsePlace, printPlace } from './place.js';

/** Fired by `go`, since the browser tells only of its own buttons. */
const MOVED = 'logboom:moved';

export function usePlace(): Place {
  const text = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => parsePlace(text), [text]);
}

/**
 * Changes where one is. `visit` leaves the old place to the back button, as for another search; `adjust` does not, as for
 * another column.
 */
export function go(how: 'visit' | 'adjust', change: Partial<Place>): void {
  const address = hrefOf({ ...parsePlace(window.location.search), ...change });
  if (how === 'visit' && address !== window.location.search) window.history.pushState(null, '', address);
  else window.history.replaceState(null, '', address);
  window.dispatchEvent(new Event(MOVED));
}

export function hrefOf(place: Place): string {
  return printPlace(place);
}

/** For a link that works anywhere. */
export function urlOf(place: Place): string {
  return new URL(printPlace(place), window.location.href).href;
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange);
  window.addEventListener(MOVED, onChange);
  return () => {
    window.removeEventListener('popstate', onChange);
    window.removeEventListener(MOVED, onChange);
  };
}
