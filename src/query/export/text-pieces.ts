/**
 * The pieces of an NDJSON or CSV file.
 *
 * Logs are asked for in steps, each a statement that begins behind the last log of the one before: none of them is long, so
 * that a slow reader does not hold one of the engine's few places, and none has to sort more than a step's logs.
 */
import { placeOf } from '../log-place.js';
import { compressPiece } from './compress.js';
import type { Continuation, Piece, PieceDeps } from './piece.js';
import { type ExportRow, type ExportSelection, selectStep } from './statements.js';
import { textFormat } from './text-format.js';

const STEP_LOGS_MAX = 10_000;
/** A piece ends with the log that makes it so long: large enough to be compressed well. */
const PIECE_LENGTH = 4 * 1024 * 1024;

export async function* textPieces(
  { store, limits, signal }: PieceDeps,
  exported: ExportSelection,
  { place: after }: Continuation,
): AsyncGenerator<Piece> {
  const { task } = exported;
  const { head, printLine } = textFormat(task);
  const stepLogsMax = Math.min(STEP_LOGS_MAX, limits.rowsMax);
  let place = after;
  let text = after === null ? head : '';
  let logs = 0;
  const cut = async (): Promise<Piece> => {
    const piece = { bytes: await compressPiece(text, task.compression), logs, place, rowGroup: null };
    text = '';
    logs = 0;
    return piece;
  };

  for (;;) {
    let stepLogs = 0;
    try {
      for await (const row of store.query<ExportRow>(selectStep(exported, place, stepLogsMax), limits, signal)) {
        text += printLine(row);
        place = placeOf(row);
        logs += 1;
        stepLogs += 1;
        if (text.length >= PIECE_LENGTH) yield await cut();
      }
    } catch (error) {
      signal.throwIfAborted();
      // A slow reader uses up a statement's time. What it got is accounted for; the next step brings the rest.
      if (stepLogs === 0) throw error;
      continue;
    }
    if (stepLogs < stepLogsMax) break;
  }
  if (text !== '') yield await cut();
}
