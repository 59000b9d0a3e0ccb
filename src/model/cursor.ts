/**
 * Places in the write order of a shard, as clients hold them: a signed 64-bit integer in decimal, in base64. The integers of
 * consecutive log groups follow one upon another, and clients count on that.
 *
 * The integer is when the logstore was created, in nanoseconds, and the number of the log group. So a cursor of a deleted
 * logstore lies before all of those of another one that took its name.
 */
import type { Logstore } from './catalog.js';

export function encodeCursor(logstore: Logstore, seq: number): string {
  return Buffer.from(String(cursorNumber(logstore, seq))).toString('base64');
}

/** As a number in decimal, which some clients want. */
export function cursorNumber(logstore: Logstore, seq: number): bigint {
  return baseOf(logstore) + BigInt(seq);
}

/** The number of the log group; 0 for cursors of before the logstore. Undefined for what is no cursor. */
export function decodeCursor({ createdAt }: Pick<Logstore, 'createdAt'>, cursor: string): number | undefined {
  if (!isCursor(cursor)) return undefined;
  const seq = BigInt(textOf(cursor)) - BigInt(createdAt) * NANOSECONDS;
  if (seq < 0n) return 0;
  return seq > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(seq);
}

/** Whether it is one of any logstore. */
export function isCursor(cursor: string): boolean {
  return (
    BASE64.test(cursor) &&
    INTEGER.test(textOf(cursor)) &&
    BigInt.asIntN(64, BigInt(textOf(cursor))) === BigInt(textOf(cursor))
  );
}

const NANOSECONDS = 1_000_000_000n;
const BASE64 = /^[A-Za-z\d+/]{2,28}={0,2}$/;
const INTEGER = /^-?\d{1,19}$/;

function baseOf({ createdAt }: Logstore): bigint {
  return BigInt(createdAt) * NANOSECONDS;
}

function textOf(cursor: string): string {
  return Buffer.from(cursor, 'base64').toString('latin1');
}
