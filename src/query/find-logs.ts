/** Logs of a search, as many as can be found in the time of the request. */
import { ANSWER_BYTES_MAX, StoreRefused } from '../store/store.js';
import type { Inquiry } from './inquiry.js';
import { type PlacedRow, type Search, selectLogs } from './search.js';
import { askWithinTime, type Reached } from './slices.js';

/** Passed over in slices, logs are fetched; so many are not. */
const SLICED_OFFSET_MAX = 1000;

export interface FoundLogs {
  readonly rows: readonly PlacedRow[];
  /** If it is not null: these are the first logs of the order up to there, and those beyond were not looked at. */
  readonly reachedNs: Reached;
}

/** Throws what the store throws. */
export async function findLogs(inquiry: Inquiry, search: Search): Promise<FoundLogs> {
  const ask = async (asked: Search, part?: number) =>
    (await inquiry.ask<PlacedRow>((table) => selectLogs(table, asked), part)).rows;
  const { limit, offset = 0, order } = search;
  if (offset > SLICED_OFFSET_MAX) return { rows: await ask(search), reachedNs: null };

  let whole: readonly PlacedRow[] | null = null;
  const sliced: PlacedRow[] = [];
  let length = 0;
  const reachedNs = await askWithinTime(inquiry, {
    selection: search,
    order,
    snap: (ns) => ns,
    async askWhole(part) {
      whole = await ask(search, part);
    },
    async askSlice(slice) {
      const rows = await ask({ ...search, ...slice, offset: 0, limit: offset + limit - sliced.length });
      sliced.push(...rows);
      length += JSON.stringify(rows).length;
      if (length > ANSWER_BYTES_MAX) throw new StoreRefused(0, 'the answer is too long', { exceeded: 'answer' });
      return sliced.length === offset + limit;
    },
  });
  return { rows: whole ?? sliced.slice(offset), reachedNs };
}
