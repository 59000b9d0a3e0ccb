/** A log of a batch that cannot be taken as it is, put aside while the others are. */

/** What is wrong with it, for programs. docs/quarantine.md explains each. */
export type LogFault =
  | 'LogNotObject'
  | 'ValueNotString'
  | 'KeyEmpty'
  | 'KeyTooLong'
  | 'KeyWithControl'
  | 'KeyReserved'
  | 'LoneSurrogate'
  | 'ValueTooLarge'
  | 'TooManyFields';

export interface AsideLog {
  /** The JSON text of the log as it was sent, cut at a character boundary if it is longer than `SOURCE_BYTES_MAX`. */
  readonly text: string;
  /** How long it was, in bytes. */
  readonly bytes: number;
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly fault: LogFault;
  /** The same in a few words. */
  readonly reason: string;
  /** The byte at fault, counted in the text that was scanned. */
  readonly offset: number;
  /** The key at fault, or whose value is; null if it is not a single one. */
  readonly field: string | null;
}

/**
 * So much is kept of a log. A value may have half of it (`VALUE_BYTES_MAX`): one twice as large can still be cut to its limit
 * by a rule.
 */
export const SOURCE_BYTES_MAX = 2 * 1024 * 1024;

/** In characters: of a key that is too long, enough to recognise it. */
const FIELD_LENGTH_MAX = 200;

/** The log `body[start, end)`. */
export function sourceOf(body: Buffer, start: number, end: number): Pick<AsideLog, 'text' | 'bytes'> {
  const bytes = end - start;
  let cut = Math.min(end, start + SOURCE_BYTES_MAX);
  while (cut < end && ((body[cut] as number) & 0xc0) === 0x80) cut--;
  return { text: body.toString('utf8', start, cut), bytes };
}

/** The key of a member whose key begins at `start` and whose value begins at `value`: `"key" : ` in valid JSON. */
export function keyOf(body: Buffer, start: number, value: number): string {
  const text = body.toString('utf8', start, value);
  const key = JSON.parse(text.slice(0, text.lastIndexOf('"') + 1)) as string; // what begins with a quote is a string
  // Half a surrogate pair is not text that could be stored.
  return Buffer.from(key.slice(0, FIELD_LENGTH_MAX)).toString();
}
