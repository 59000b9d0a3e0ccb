/** Brings a service to where it is after its first minutes: the fields of its logs have columns, and loading uses them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { noteColumns } from '../../src/store/alter-columns.js';
import { keyOf } from '../../src/store/hot-column.js';
import { ONE_SERVER } from '../../src/store/tables.js';
import { askStore, type StoreAddress } from './ask-store.js';

const LOOK_EVERY_MS = 250;
/** A worker goes by the columns that it has read for ten seconds. */
const HEARD_MS = 11_000;

/** Enough logs must have been sent to learn from. Does not wait until columns have settled, but says that they have. */
export async function learnFields(store: StoreAddress): Promise<void> {
  let keys: string[] = [];
  while (keys.length === 0) {
    await sleep(LOOK_EVERY_MS);
    const columns = await askStore<{ name: string; comment: string }>(
      store,
      `SELECT name, comment FROM system.columns WHERE database = 'logboom' AND table = 'logs' AND comment != ''`,
    );
    keys = columns.flatMap(({ name }) => keyOf(name) ?? []);
  }
  await askStore(store, noteColumns(keys, 1, ONE_SERVER));
  await sleep(HEARD_MS);
}
