/**
 * The pieces of an NDJSON or CSV file.
 *
 * Each is a statement of its own, which begins behind the last log of the one before and is over when the piece is written:
 * however slowly it is read, it holds none of the few places in the engine.
 */
import { placeOf } from '../log-place.js';
import { compressPiece } from './compress.js';
import type { Continuation, Piece, PieceDeps } from './piece.js';
import { type ExportRow, type ExportSelection, selectStep } from './statements.js';
import { textFormat } from './text-format.js';

const STEP_LOGS_MAX = 10_000;
/** A piece ends with the log that makes it so long, or before: large enough to be compressed well. */
const PIECE_LENGTH = 4 * 1024 * 1024;

export async function* textPieces(
  { store, limits, signal }: PieceDeps,
  exported: ExportSelection,
  { place: after }: Continuation,
): AsyncGenerator<Piece> {
  const { task } = exported;
  const { head, printLine } = textFormat(task);
  let place = after;
  let text = after === null ? head : '';
  let stepLogs = Math.min(STEP_LOGS_MAX, limits.rowsMax);
  for (;;) {
    let logs = 0;
    let isCut = false;
    for await (const row of store.query<ExportRow>(selectStep(exported, place, stepLogs), limits, signal)) {
      text += printLine(row);
      place = placeOf(row);
      logs += 1;
      isCut = text.length >= PIECE_LENGTH;
      if (isCut) break;
    }
    const isEnd = !isCut && logs < stepLogs;
    if (text !== '') {
      if (logs > 0) stepLogs = Math.min(STEP_LOGS_MAX, limits.rowsMax, Math.ceil((PIECE_LENGTH / text.length) * logs));
      yield { bytes: await compressPiece(text, task.compression), logs, place, rowGroup: null };
      text = '';
    }
    if (isEnd) return;
  }
}
