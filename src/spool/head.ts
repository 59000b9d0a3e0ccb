/** The first line of a segment: whose segment it is and where the sequences stand. */
import { frameLine } from '../model/checked-line.js';
import { Sequences } from './sequences.js';

/** What stays the same as long as the spool directory is not lost. */
export interface SpoolIdentity {
  /** 16 hexadecimal digits drawn when the spool was first used. */
  readonly spool: string;
  /** When the spool was first used, in nanoseconds since 1970. */
  readonly base: bigint;
}

export interface Head extends SpoolIdentity {
  readonly shard: number;
  readonly segment: number;
  /** As they stood when the head was written. Groups of the same commit may have lower numbers. */
  readonly sequences: Sequences;
  /** Identities of batches in segments up to this one are kept elsewhere. */
  readonly batchesTo: number;
}

export function headLine(head: Head): Buffer {
  const rest = JSON.stringify({
    v: 1,
    spool: head.spool,
    shard: head.shard,
    segment: head.segment,
    base: String(head.base),
    next: Object.fromEntries(head.sequences.next),
    first: head.sequences.first,
    batchesTo: head.batchesTo,
  });
  return frameLine(Buffer.from(`${rest.slice(1)}\n`));
}

/** Null if the line, whose rest is given, is not a head. */
export function readHead(rest: Buffer): Head | null {
  if (!rest.subarray(0, HEAD_START.length).equals(HEAD_START)) return null;
  const head: unknown = JSON.parse(`{${rest.toString()}`);
  if (!isHead(head)) return null;
  // Versions before wrote no identities.
  const { spool, shard, segment, base, next, first, batchesTo = segment } = head;
  const pairs = Object.entries(next).map(([id, seq]) => [Number(id), seq] as const);
  return { spool, shard, segment, base: BigInt(base), sequences: new Sequences(pairs, first), batchesTo };
}

/** Unique over all spools and time. */
export function segmentToken(spool: string, segment: number): string {
  return `${spool}-${segment}`;
}

const HEAD_START = Buffer.from('"v":1,"spool":');

interface HeadText {
  spool: string;
  shard: number;
  segment: number;
  base: string;
  next: Record<string, number>;
  first: number;
  batchesTo?: number;
}

/** The checksum says that we wrote it; this says that it is of this version. */
function isHead(value: unknown): value is HeadText {
  if (typeof value !== 'object' || value === null) return false;
  const head = value as Partial<Record<keyof HeadText, unknown>>;
  return (
    typeof head.spool === 'string' &&
    /^[0-9a-f]{16}$/.test(head.spool) &&
    Number.isSafeInteger(head.shard) &&
    Number.isSafeInteger(head.segment) &&
    Number.isSafeInteger(head.first) &&
    (head.batchesTo === undefined || Number.isSafeInteger(head.batchesTo)) &&
    typeof head.base === 'string' &&
    /^\d{1,19}$/.test(head.base) &&
    typeof head.next === 'object' &&
    head.next !== null &&
    Object.entries(head.next).every(([id, seq]) => /^\d+$/.test(id) && Number.isSafeInteger(seq))
  );
}
