/** The hours that are to be copied, put together so that each piece is worth a statement and fits into memory. */
import type { HourCount, Span } from '../store/transfer.js';

/** Hours of one logstore that follow one another on one day. */
export interface Piece {
  readonly span: Span;
  readonly hours: readonly HourCount[];
  readonly logs: number;
}

/** In one insert, as many as a segment has. */
export const PIECE_LOGS_MAX = 200_000;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const SECOND_NS = 1_000_000_000n;

/** `hours` by logstore and time. An hour with more than a piece should have is one by itself. */
export function piecesOf(hours: readonly HourCount[]): readonly Piece[] {
  const pieces: HourCount[][] = [];
  let logs = 0;
  for (const hour of hours) {
    const last = pieces.at(-1);
    const [first] = last ?? [];
    logs += hour.logs;
    if (last !== undefined && first !== undefined && isOneDay(first, hour) && logs <= PIECE_LOGS_MAX) last.push(hour);
    else {
      pieces.push([hour]);
      logs = hour.logs;
    }
  }
  return pieces.map(pieceOf);
}

function isOneDay(a: HourCount, b: HourCount): boolean {
  return a.logstoreId === b.logstoreId && Math.floor(a.hour / DAY_SECONDS) === Math.floor(b.hour / DAY_SECONDS);
}

function pieceOf(hours: readonly HourCount[]): Piece {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A piece needs an hour.');
  const span = {
    logstoreId: first.logstoreId,
    from: BigInt(first.hour) * SECOND_NS,
    to: BigInt(last.hour + HOUR_SECONDS) * SECOND_NS,
  };
  return { span, hours, logs: hours.reduce((sum, { logs }) => sum + logs, 0) };
}
