/** Keys that work wherever one is on the page, but never while something is typed. */
import { useEffect, useEffectEvent } from 'react';

/** By `KeyboardEvent.key`. */
export type Shortcuts = readonly (readonly [keys: readonly string[], act: () => void])[];

export function useShortcuts(shortcuts: Shortcuts): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const [, act] = shortcuts.find(([keys]) => keys.includes(event.key)) ?? [];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isCommand = event.metaKey || event.ctrlKey || event.altKey;
      if (isCommand || event.defaultPrevented || isTyping(event) || document.querySelector('dialog[open]') !== null)
        return;
      press(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** The editor stands in a shadow tree: the event's path leads into it. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (event.key === 'Enter' && target.closest('button, a, summary') !== null) return true;
  return target.isContentEditable || target.matches('input, select, textarea');
}
