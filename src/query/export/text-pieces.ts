/**
 * The pieces of an NDJSON or CSV file.
 *
 * Each is a statement of its own, which begins behind the last log of the one before and is over when the piece is written:
 * however slowly it is read, it holds none of the few places in the engine.
 */
import { type LogPlace, placeOf } from '../log-place.js';
import { compressPiece } from './compress.js';
import { patiently } from './patience.js';
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
  for (let isFirst = true; ; isFirst = false) {
    const ask = () =>
      readPiece(store.query<ExportRow>(selectStep(exported, place, stepLogs), limits, signal), printLine);
    // What is wrong with the first one is told by the answer's status, at once.
    const read = await (isFirst ? ask() : patiently(signal, ask));
    text += read.text;
    place = read.place ?? place;
    const { logs } = read;
    const isEnd = !read.isCut && logs < stepLogs;
    if (logs > 0) stepLogs = Math.min(STEP_LOGS_MAX, limits.rowsMax, Math.ceil((PIECE_LENGTH / text.length) * logs));
    if (text !== '') yield { bytes: await compressPiece(text, task.compression), logs, place, rowGroup: null };
    if (isEnd) return;
    text = '';
  }
}

interface PieceText {
  readonly text: string;
  readonly logs: number;
  /** Of the last log; null if there is none. */
  readonly place: LogPlace | null;
  /** There was more. */
  readonly isCut: boolean;
}

async function readPiece(rows: AsyncIterable<ExportRow>, printLine: (row: ExportRow) => string): Promise<PieceText> {
  let text = '';
  let logs = 0;
  let place: LogPlace | null = null;
  for await (const row of rows) {
    text += printLine(row);
    place = placeOf(row);
    logs += 1;
    if (text.length >= PIECE_LENGTH) return { text, logs, place, isCut: true };
  }
  return { text, logs, place, isCut: false };
}
