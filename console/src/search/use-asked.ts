/** What is asked when a search runs: the place, with its range told to the millisecond at that moment. */
import { useMemo, useState } from 'react';
import type { Order, Place } from '../location/place.js';
import { resolveRange, type Span } from '../time/range.js';

export interface Asked extends Span {
  readonly project: string;
  readonly logstore: string;
  readonly query: string;
  readonly order: Order;
}

/** Null while no logstore is chosen. `ask` asks the same again: what is relative in the range moves on. */
export function useAsked(place: Place): { readonly asked: Asked | null; readonly ask: () => void } {
  const [count, setCount] = useState(0);
  const { project, logstore, query, range, order } = place;
  const rangeKey = JSON.stringify(range);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range is compared by its text, and the count asks again
  const asked = useMemo(() => {
    if (project === null || logstore === null) return null;
    return { project, logstore, query, order, ...resolveRange(range, Date.now()) };
  }, [project, logstore, query, order, rangeKey, count]);
  return { asked, ask: () => setCount((n) => n + 1) };
}

/** The selection of a request to the service. */
export function selectionOf({ query, fromMs, toMs }: Asked) {
  return { query, from: fromMs / 1000, to: toMs / 1000 };
}
