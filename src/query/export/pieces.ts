/** The pieces of a file, whatever its format. */
import { parquetPieces } from './parquet-pieces.js';
import type { Continuation, Piece, PieceDeps } from './piece.js';
import type { ExportSelection } from './statements.js';
import { textPieces } from './text-pieces.js';

/** From `start` on. */
export function makePieces(deps: PieceDeps, exported: ExportSelection, start: Continuation): AsyncGenerator<Piece> {
  return exported.task.format === 'parquet' ? parquetPieces(deps, exported, start) : textPieces(deps, exported, start);
}
