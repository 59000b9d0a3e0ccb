/** What is asked when a search runs: the place, with its range told to the millisecond at that moment. */
import { useMemo, useState } from 'react';
import type { Order, Place } from '../location/place.js';
import { fillIn } from '../query/variables.js';
import { resolveRange, type Span } from '../time/range.js';

export interface Asked extends Span {
  readonly project: string;
  readonly logstore: string;
  /** With the values of its variables. */
  readonly query: string;
  /** The range as the place says it: the same search, asked again, has the same. */
  readonly rangeKey: string;
  readonly order: Order;
}

/** Null while no logstore is chosen. `ask` asks the same again: what is relative in the range moves on. */
export function useAsked(place: Place): { readonly asked: Asked | null; readonly ask: () => void } {
  const [count, setCount] = useState(0);
  const { project, logstore, range, order } = place;
  const query = fillIn(place.query, place.variables);
  const rangeKey = JSON.stringify(range);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range is compared by its text, and the count asks again
  const asked = useMemo(() => {
    if (project === null || logstore === null) return null;
    return { project, logstore, query, order, rangeKey, ...resolveRange(range, Date.now()) };
  }, [project, logstore, query, order, rangeKey, count]);
  return { asked, ask: () => setCount((n) => n + 1) };
}

/** The selection of a request to the service. */
export function selectionOf({ query, fromMs, toMs }: Asked) {
  return { query, from: fromMs / 1000, to: toMs / 1000 };
}

/** Names a search whenever it is asked: the last part of the keys that its answers are kept under. */
export function searchOf(asked: Omit<Asked, 'order'> | null, ...more: readonly unknown[]): string {
  return JSON.stringify({ ...asked, fromMs: 0, toMs: 0, more });
}

/**
 * For `placeholderData`: what the same search said a moment ago stays until it says more. Another search shows nothing of the one
 * before.
 */
export function keepSame<Data>(search: string) {
  return (data: Data | undefined, before: { readonly queryKey: readonly unknown[] } | undefined): Data | undefined =>
    before?.queryKey.at(-1) === search ? data : undefined;
}
