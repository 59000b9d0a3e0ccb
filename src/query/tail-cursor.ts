/**
 * How far a tail has come, as text for `Last-Event-ID`:
 *
 *   t;1:4711:3;2:88:0
 *     shard:seq:row …
 */

/** By shard, as the store has it: from 1 on. */
export type Cursor = ReadonlyMap<number, Place>;

/** Where a tail goes on in a shard. */
export interface Place {
  /** The first log group that has not been looked at to its end. */
  readonly seq: number;
  /** The last of its logs that has been looked at; 0 if none. */
  readonly row: number;
}

/** Longer ones are not ours. */
const CURSOR_LENGTH_MAX = 8 * 1024;

export function printCursor(cursor: Cursor): string {
  return ['t', ...[...cursor].map(([shard, { seq, row }]) => `${shard}:${seq}:${row}`)].join(';');
}

/** Null for what `printCursor` cannot have printed. */
export function parseCursor(text: string): Cursor | null {
  if (text.length > CURSOR_LENGTH_MAX || !/^t(?:;\d{1,5}:\d{1,15}:\d{1,10})*$/.test(text)) return null;
  const cursor = new Map<number, Place>();
  for (const each of text.split(';').slice(1)) {
    const [shard = 0, seq = 0, row = 0] = each.split(':').map(Number);
    if (shard > 0xffff || row > 0xffff_ffff) return null;
    cursor.set(shard, { seq, row });
  }
  return cursor;
}
