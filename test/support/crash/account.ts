/** Compares what clients were promised with what is there. */
import type { Batch } from './ledger.js';
import type { Found, FoundBatch } from './rows.js';

export interface Fault {
  readonly kind: 'lost' | 'repeated' | 'torn' | 'altered' | 'displaced' | 'unknown' | 'out of order' | 'other';
  /** For people. */
  readonly text: string;
}

/** `reader` says who found it: the same fault may be seen by one and not by the other. */
export function account(batches: readonly Batch[], found: Found, reader: string): Fault[] {
  const faults: Fault[] = [];
  const ids = new Set(batches.map(({ id }) => id));
  for (const batch of batches) {
    const kind = judge(batch, found.get(batch.id));
    if (kind !== null) faults.push({ kind, text: `${reader}: ${describe(batch, found.get(batch.id))}` });
  }
  for (const [id, { logs }] of found) {
    if (!ids.has(id)) faults.push({ kind: 'unknown', text: `${reader}: ${logs} logs of ${id}, which was never sent` });
  }
  return faults;
}

/**
 * Of one client, whichever batch was acknowledged before another was sent comes first. Holds within a shard, so for a
 * service with one worker.
 */
export function accountOrder(batches: readonly Batch[], found: Found): Fault[] {
  const faults: Fault[] = [];
  const lastSeqs = new Map<number, number>();
  for (const { id, client } of batches) {
    const seq = found.get(id)?.seq;
    if (seq === undefined) continue;
    const last = lastSeqs.get(client) ?? -1;
    if (seq <= last) faults.push({ kind: 'out of order', text: `${id} has the sequence number ${seq} after ${last}` });
    lastSeqs.set(client, seq);
  }
  return faults;
}

/** What went wrong on the way. */
export function faultOf(error: unknown): Fault {
  return { kind: 'other', text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function judge(batch: Batch, found: FoundBatch | undefined): Fault['kind'] | null {
  if (found === undefined) return batch.outcome === 'acknowledged' ? 'lost' : null;
  if (found.logs > found.places) return 'repeated';
  if (found.logs !== batch.logs) return batch.outcome === 'acknowledged' ? 'lost' : 'torn';
  if (found.altered > 0) return 'altered';
  return found.displaced > 0 ? 'displaced' : null;
}

function describe({ id, outcome, logs }: Batch, found: FoundBatch | undefined): string {
  const { logs: rows, places, displaced, altered } = found ?? { logs: 0, places: 0, displaced: 0, altered: 0 };
  return `${id}, ${outcome}, has ${rows} rows for ${logs} logs (${places} different, ${displaced} displaced, ${altered} altered)`;
}
