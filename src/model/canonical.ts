/** The bytes of a canonical body: the received ones with the edits spliced in. */
import type { CanonicalBody } from './log-group.js';

/** How many bytes `writeCanonical` writes. */
export function canonicalBytes(body: CanonicalBody): number {
  let bytes = body.end - body.start;
  for (const edit of body.edits) bytes += Buffer.byteLength(edit.text) - (edit.end - edit.start);
  return bytes;
}

/** Writes the body from behind its opening brace up to and with its closing one; returns the offset behind it. */
export function writeCanonical(body: CanonicalBody, target: Buffer, offset: number): number {
  let from = body.start;
  let at = offset;
  for (const edit of body.edits) {
    at += body.bytes.copy(target, at, from, edit.start);
    at += target.write(edit.text, at);
    from = edit.end;
  }
  return at + body.bytes.copy(target, at, from, body.end);
}
