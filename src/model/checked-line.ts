/**
 * One line of JSON text that checks itself, used by the spool (a log group a line) and the catalog (an event a line).
 *
 *   {"crc":"9f3a01c7","len":"00010a2c",…the rest of the object…}\n
 *          ^8                ^25        ^35
 *
 * Both numbers are 8 hexadecimal digits at fixed places, so a reader needs no JSON parser to find the next line. `len`
 * counts the bytes from 35 to the newline, both ends included; `crc` is the CRC-32 of everything from byte 16 on. It
 * covers the length as well: a damaged length would send the reader to bytes that look like a line by chance.
 * JSON text holds no newline byte inside, so a reader that lost its place finds the next line behind a newline.
 * Whole format, with a worked example: docs/spool-format.md
 */
import { crc32 } from 'node:zlib';

/** Bytes before the rest of the object. */
export const FRAME_BYTES = 35;

/** A line longer than this is damaged. A body of the largest size allowed doubles at most when it is made canonical. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;

const CRC_AT = 8;
const CHECKED_FROM = 16;
const LENGTH_AT = 25;
const FRAME = Buffer.from('{"crc":"00000000","len":"00000000",');
const HEX = Buffer.from('0123456789abcdef');
const NEWLINE = 0x0a;

export type ReadLine =
  | { readonly kind: 'line'; readonly rest: Buffer; readonly nextOffset: number }
  | { readonly kind: 'end' } // `offset` is where the next append goes
  | { readonly kind: 'torn' } // bytes stop inside a line: normal only at the end of the newest segment
  | { readonly kind: 'corrupt'; readonly reason: 'frame' | 'length' | 'checksum' };

/** Frames `rest`, which starts behind the comma and ends with `}\n`. */
export function frameLine(rest: Uint8Array): Buffer {
  const line = Buffer.allocUnsafe(FRAME_BYTES + rest.length);
  line.set(rest, FRAME_BYTES);
  writeFrame(line, 0, line.length);
  return line;
}

/** Writes the frame of the line [start, end) of `target`, whose rest is in place. */
export function writeFrame(target: Buffer, start: number, end: number): void {
  target.set(FRAME, start);
  writeHex(target, start + LENGTH_AT, end - start - FRAME_BYTES);
  writeHex(target, start + CRC_AT, crc32(target.subarray(start + CHECKED_FROM, end)));
}

/** Reads the line at `offset`. `rest` is a view into `bytes`, not a copy. */
export function readLine(bytes: Buffer, offset: number): ReadLine {
  const available = bytes.length - offset;
  if (available === 0) return { kind: 'end' };
  for (let i = 0; i < Math.min(available, FRAME_BYTES); i++) {
    const isDigit = (i >= CRC_AT && i < CRC_AT + 8) || (i >= LENGTH_AT && i < LENGTH_AT + 8);
    if (!isDigit && bytes[offset + i] !== FRAME[i]) return { kind: 'corrupt', reason: 'frame' };
  }
  if (available < FRAME_BYTES) return { kind: 'torn' };

  const length = readHex(bytes, offset + LENGTH_AT);
  // The smallest rest is `}` and a newline.
  if (length < 2 || length > LINE_BYTES_MAX) return { kind: 'corrupt', reason: 'length' };
  const end = offset + FRAME_BYTES + length;
  if (end > bytes.length) return { kind: 'torn' };
  if (bytes[end - 1] !== NEWLINE) return { kind: 'corrupt', reason: 'length' };
  if (crc32(bytes.subarray(offset + CHECKED_FROM, end)) !== readHex(bytes, offset + CRC_AT)) {
    return { kind: 'corrupt', reason: 'checksum' };
  }
  return { kind: 'line', rest: bytes.subarray(offset + FRAME_BYTES, end), nextOffset: end };
}

/** Where the line at `offset` ends by its own account, or -1: the next one may be there even if the newline is damaged. */
export function declaredEnd(bytes: Buffer, offset: number): number {
  if (bytes.length - offset < FRAME_BYTES) return -1;
  const length = readHex(bytes, offset + LENGTH_AT);
  const end = offset + FRAME_BYTES + length;
  return length === -1 || end > bytes.length ? -1 : end;
}

function writeHex(target: Buffer, at: number, value: number): void {
  for (let i = 7, rest = value; i >= 0; i--, rest >>>= 4) target[at + i] = HEX[rest & 15] as number;
}

/** -1 if the 8 bytes are not lower-case hexadecimal digits. */
function readHex(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + 8; i++) {
    const digit = HEX.indexOf(bytes[i] as number);
    if (digit === -1) return -1;
    value = value * 16 + digit;
  }
  return value;
}
