/** A log group as a line of a segment. */
import { FRAME_BYTES, writeFrame } from '../model/checked-line.js';
import type { CanonicalBody } from '../model/log-group.js';

/** What the spool is asked to make durable. */
export interface SpoolGroup {
  readonly logstoreId: number;
  readonly ttlDays: number;
  /** Client address, or what the logstore keeps of it; the group's source if it names none. */
  readonly address: string;
  /** Adds the tags `__client_ip__` and `__receive_time__`. */
  readonly appendMeta: boolean;
  /** The identity that its client gave it, as model/batch.ts has them. */
  readonly batch?: string | undefined;
  readonly body: CanonicalBody;
}

/** What a reader needs of a group line without parsing its logs. */
export interface GroupMark {
  readonly logstoreId: number;
  readonly seq: number;
  readonly logCount: number;
  /** Receive time in Unix milliseconds. */
  readonly timeMs: number;
  /** Earliest and latest time of its logs in Unix milliseconds, both included. */
  readonly firstLogMs: number;
  readonly lastLogMs: number;
  readonly batch?: string | undefined;
}

/** The keys that Logboom puts before the body. Nothing of `address` and `batch` needs to be escaped. */
export function groupPrefix(group: SpoolGroup, seq: number, timeMs: number): string {
  const { logstoreId, ttlDays, address, appendMeta, batch, body } = group;
  const { times } = body;
  return (
    `"v":1,"t":${timeMs}000000,"id":${logstoreId},"seq":${seq},"n":${body.logCount},` +
    (times === undefined ? '' : `"earliest":${times.firstMs},"latest":${times.lastMs},`) +
    `"ttl":${ttlDays},"ip":"${address}",` +
    (batch === undefined ? '' : `"batch":"${batch}",`) +
    (appendMeta ? '"meta":1,' : '') +
    (body.hasLogTags ? '"tagged":1,' : '') +
    (times === undefined ? '' : `"times":[${times.text}],`)
  );
}

/** Bytes of the whole line, frame and newline included. `prefix` is ASCII. */
export function groupLineBytes(prefix: string, body: CanonicalBody): number {
  return FRAME_BYTES + prefix.length + (body.end - body.start) + 1;
}

/** Writes the line at `offset` of `target`, which has room for it; returns the offset behind it. */
export function writeGroupLine(prefix: string, body: CanonicalBody, target: Buffer, offset: number): number {
  let at = offset + FRAME_BYTES;
  at += target.write(prefix, at, 'latin1');
  at += body.bytes.copy(target, at, body.start, body.end);
  target[at++] = NEWLINE;
  writeFrame(target, offset, at);
  return at;
}

/** Null if the line, whose rest is given, is not a group. */
export function readGroupMark(rest: Buffer): GroupMark | null {
  const match = PREFIX.exec(rest.toString('latin1', 0, PREFIX_BYTES_MAX));
  if (match === null) return null;
  const [, timeNanos = '', logstoreId, seq, logCount, firstMs, lastMs, batch] = match;
  const timeMs = Number(timeNanos.slice(0, -6));
  return {
    timeMs,
    firstLogMs: Number(firstMs ?? timeMs),
    lastLogMs: Number(lastMs ?? timeMs),
    logstoreId: Number(logstoreId),
    seq: Number(seq),
    logCount: Number(logCount),
    batch,
  };
}

const NEWLINE = 0x0a;
const PREFIX =
  /^"v":1,"t":(\d{7,19}),"id":(\d{1,16}),"seq":(\d{1,16}),"n":(\d{1,9}),(?:"earliest":(\d{1,16}),"latest":(\d{1,16}),)?"ttl":(?:\d{1,5},"ip":"[^"]{0,64}","batch":"([^"]{1,64})",)?/;
const PREFIX_BYTES_MAX = 320;
