/** Copies a piece, and compares it hour by hour. */
import { CargoTooLarge, type Frozen, type HourSum, type Span, type Transfer } from '../store/transfer.js';
import { PIECE_LOGS_MAX, type Piece } from './pieces.js';

export interface Sides {
  readonly from: Transfer;
  readonly to: Transfer;
}

/** Of rows on their way, of each of the pieces that are copied at a time. */
const CARGO_BYTES_MAX = 128 * 1024 * 1024;

/** A span with too many logs is taken in parts that should have half as many, as they are never spread evenly. */
const PART_LOGS = PIECE_LOGS_MAX / 2;
/** Of a span that has too many bytes. */
const PARTS_MIN = 8;

export interface Compared {
  /** Those that are the same on both sides, as they are. */
  readonly same: readonly HourSum[];
  readonly different: readonly Difference[];
}

export interface Difference {
  readonly logstoreId: number;
  /** Unix seconds at which it begins. */
  readonly hour: number;
  /** How many logs either side has. With as many, they are others. */
  readonly fromLogs: number;
  readonly toLogs: number;
}

/** What is different in the end has changed meanwhile, and is for the next round. */
export async function copyPiece(sides: Sides, piece: Piece, frozen: Frozen, signal: AbortSignal): Promise<Compared> {
  await copySpan(sides, piece.span, piece.logs, frozen, signal);
  const compared = await compare(sides, piece.span, frozen, signal);
  // Where the target has something else, such as logs that were deleted in the source, all of the piece is copied anew.
  if (!compared.different.some(({ fromLogs, toLogs }) => toLogs >= fromLogs)) return compared;
  await sides.to.remove(piece.span, signal);
  await copySpan(sides, piece.span, piece.logs, frozen, signal);
  return compare(sides, piece.span, frozen, signal);
}

export async function compare({ from, to }: Sides, span: Span, frozen: Frozen, signal: AbortSignal): Promise<Compared> {
  const [there, here] = await Promise.all([from.sums(span, frozen, signal), to.sums(span, frozen, signal)]);
  const same: HourSum[] = [];
  const different: Difference[] = [];
  for (const hour of new Set([...there.keys(), ...here.keys()])) {
    const [source, target] = [there.get(hour), here.get(hour)];
    if (source !== undefined && source.logs === target?.logs && source.sum === target.sum) same.push(source);
    else {
      const { logstoreId } = span;
      different.push({ logstoreId, hour, fromLogs: source?.logs ?? 0, toLogs: target?.logs ?? 0 });
    }
  }
  return { same, different };
}

async function copySpan(sides: Sides, span: Span, logs: number, frozen: Frozen, signal: AbortSignal): Promise<void> {
  const isOneMoment = span.to - span.from <= 1n;
  if (logs > PIECE_LOGS_MAX && !isOneMoment) {
    return copyParts(sides, span, Math.ceil(logs / PART_LOGS), frozen, signal);
  }
  const { from, to } = sides;
  try {
    await to.write(await from.read(span, frozen, await to.keys(signal), CARGO_BYTES_MAX, signal), signal);
  } catch (error) {
    if (!(error instanceof CargoTooLarge) || isOneMoment) throw error;
    await copyParts(sides, span, PARTS_MIN, frozen, signal);
  }
}

/** Only those of which the target has not as many. */
async function copyParts(sides: Sides, span: Span, count: number, frozen: Frozen, signal: AbortSignal): Promise<void> {
  const width = (span.to - span.from) / BigInt(count) + 1n;
  const [there, here] = await Promise.all([
    sides.from.parts(span, frozen, width, signal),
    sides.to.parts(span, frozen, width, signal),
  ]);
  for (const [part, logs] of there) {
    if (here.get(part) === logs) continue;
    const from = span.from + BigInt(part) * width;
    const to = from + width < span.to ? from + width : span.to;
    await copySpan(sides, { ...span, from, to }, logs, frozen, signal);
  }
}
