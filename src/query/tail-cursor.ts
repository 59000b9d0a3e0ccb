/**
 * How far a tail has come, as text for `Last-Event-ID`:
 *
 *   1795046385123;0:4711:3:1795046384900;1:88:4294967295:1795046380000
 *   caughtUpMs     shard:seq:row:timeMs   …
 */

export interface Cursor {
  /** Wall time in ms at which there was nothing more to deliver from any shard. */
  readonly caughtUpMs: number;
  /** By shard. */
  readonly places: ReadonlyMap<number, Place>;
}

/** The last log looked at in a shard. */
export interface Place {
  readonly seq: number;
  readonly row: number;
  /** Receive time in ms of the newest log that had been looked at when the tail had last caught up with the shard. */
  readonly timeMs: number;
}

/** Behind every row of a log group: rows are 32 bits in the store. */
export const GROUP_END = 0xffff_ffff;

/** Longer ones are not ours. */
const CURSOR_LENGTH_MAX = 8 * 1024;

export function printCursor({ caughtUpMs, places }: Cursor): string {
  const shards = [...places].map(([shard, { seq, row, timeMs }]) => `${shard}:${seq}:${row}:${timeMs}`);
  return [caughtUpMs, ...shards].join(';');
}

/** Null for what `printCursor` cannot have printed. */
export function parseCursor(text: string): Cursor | null {
  if (text.length > CURSOR_LENGTH_MAX || !/^\d{1,15}(?:;\d{1,5}:\d{1,15}:\d{1,10}:\d{1,15})*$/.test(text)) return null;
  const [caughtUp, ...shards] = text.split(';');
  const places = new Map<number, Place>();
  for (const each of shards) {
    const [shard = 0, seq = 0, row = 0, timeMs = 0] = each.split(':').map(Number);
    if (shard > 0xffff || row > GROUP_END) return null;
    places.set(shard, { seq, row, timeMs });
  }
  return { caughtUpMs: Number(caughtUp), places };
}
