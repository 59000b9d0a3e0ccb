/** Gets all of one segment into the store, each log once, whatever an earlier attempt has left there. */
import type { SegmentLoad, Store } from '../store/store.js';

/** The store says that it has taken everything, and then has less: no retry will change that. */
export class RowsMissing extends Error {
  override readonly name = 'RowsMissing';
}

/**
 * Inserts what is missing of a segment that may be in the store in part or in full, and returns whether anything was.
 *
 * What the store answers to an insert is no proof: it also answers rows that its deduplication has dropped. So rows are
 * counted, before and after. The deduplication token alone is no proof either: after a power cut the store may remember a
 * token whose rows are lost. Without rows the whole insert comes first nevertheless, as it is cheaper by far.
 */
export async function loadRest(
  store: Store,
  load: SegmentLoad,
  { isWholeAllowed }: { readonly isWholeAllowed: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  if (store.remembersTokens && isWholeAllowed) return repeatWhole(store, load, signal);
  await store.settleSegment(load.segment.token, signal);
  let there = await countThere(store, load, signal);
  if (there === 'all') return false;
  if (there === 'none' && isWholeAllowed) {
    await store.insertSegment(load, signal);
    there = await countThere(store, load, signal);
  }
  if (there !== 'all') {
    await store.insertMissing(load, signal);
    there = await countThere(store, load, signal);
  }
  if (there !== 'all')
    throw new RowsMissing(`The store has ${there} of segment ${load.segment.number} after loading it.`);
  return true;
}

/**
 * To settle, all servers would have to be there, and this is the way when one has just gone. Its token makes the insert
 * harmless; rows that can be seen already spare it.
 */
async function repeatWhole(store: Store, load: SegmentLoad, signal: AbortSignal): Promise<boolean> {
  if ((await countThere(store, load, signal)) === 'all') return false;
  await store.insertSegment(load, signal);
  return true;
}

async function countThere(store: Store, load: SegmentLoad, signal: AbortSignal): Promise<'all' | 'some' | 'none'> {
  const expected = [...load.contents.logstores].filter(([id]) => !load.deadLogstores.includes(id));
  if (expected.length === 0) return 'all';
  const rows = await store.countSegment(load, signal);
  if (expected.every(([id, { logs }]) => (rows.get(id) ?? 0) >= logs)) return 'all';
  return expected.some(([id]) => rows.has(id)) ? 'some' : 'none';
}
