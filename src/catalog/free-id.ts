/** The numeric ids of logstores, of which none is given twice. */
import { companionsOf } from '../model/quarantine.js';
import type { CatalogEvent } from './catalog.js';

/** The first id that is free after these events, where `freeId` was before. A logstore takes those of its companions as well. */
export function freeIdAfter(events: readonly CatalogEvent[], freeId: number): number {
  const taken = events.flatMap((event) =>
    event.event === 'logstore' ? [event.logstore, ...companionsOf(event.logstore)].map(({ id }) => id) : [],
  );
  return Math.max(freeId, ...taken.map((id) => id + 1));
}
