/** What merges have written. */
import { askStore, type StoreAddress } from './ask-store.js';

/** Rows since the store process started; one that was merged twice counts twice. */
export async function mergedRows(store: StoreAddress): Promise<number> {
  const [row] = await askStore<{ value: string }>(store, `SELECT value FROM system.events WHERE event = 'MergedRows'`);
  return Number(row?.value ?? 0);
}
