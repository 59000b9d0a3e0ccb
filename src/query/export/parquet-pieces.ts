/**
 * The pieces of a Parquet file: each is the pages of a small file that the engine makes, the last one is the footer
 * (parquet-file.ts).
 *
 * The engine keeps such a small file in memory. So logs are measured first, and as many are taken as are not too much together.
 */
import { type LogPlace, placeOf } from '../log-place.js';
import { closeFile, FILE_BEGINNING, takePages } from './parquet-file.js';
import { type MeasuredRow, parquetColumns, selectMeasures, selectPages } from './parquet-statements.js';
import { patiently } from './patience.js';
import type { Continuation, Piece, PieceDeps } from './piece.js';
import type { ExportSelection } from './statements.js';

/** Of a piece; the engine may take ten times as much memory to make it. */
const PIECE_LOGS_MAX = 50_000;
const PIECE_BYTES_MAX = 8 * 1024 * 1024;

export async function* parquetPieces(
  deps: PieceDeps,
  exported: ExportSelection,
  start: Continuation,
): AsyncGenerator<Piece> {
  const { store, limits, signal } = deps;
  const { compression } = exported.task;
  const make = (upTo: LogPlace | null) =>
    patiently(signal, () => store.parquet(selectPages(exported, place, upTo), compression, limits, signal));
  const rowGroups: Buffer[] = start.rowGroups.map((text) => Buffer.from(text, 'base64'));
  let { place, bytes: offset } = start;
  let head = offset === 0 ? FILE_BEGINNING : Buffer.alloc(0);

  for (;;) {
    const upTo = await (place === null
      ? findEnd(deps, exported, place)
      : patiently(signal, () => findEnd(deps, exported, place)));
    if (upTo === null) break;
    const { pages, rowCount, rowGroups: added } = takePages(await make(upTo), offset + head.length);
    const bytes = Buffer.concat([head, pages]);
    rowGroups.push(added);
    place = upTo;
    offset += bytes.length;
    head = Buffer.alloc(0);
    yield { bytes, logs: rowCount, place, rowGroup: added.toString('base64') };
  }
  const names = parquetColumns(exported.task).map(({ name }) => name);
  const footer = closeFile(await make(null), rowGroups, names);
  yield { bytes: Buffer.concat([head, footer]), logs: 0, place, rowGroup: null };
}

/** The last log of the piece that begins behind `after`; null if there is none. */
async function findEnd(
  { store, limits, signal }: PieceDeps,
  exported: ExportSelection,
  after: LogPlace | null,
): Promise<LogPlace | null> {
  const statement = selectMeasures(exported, after, Math.min(PIECE_LOGS_MAX, limits.rowsMax));
  let last: MeasuredRow | null = null;
  let bytes = 0;
  for await (const row of store.query<MeasuredRow>(statement, limits, signal)) {
    last = row;
    bytes += Number(row.bytes);
    if (bytes >= PIECE_BYTES_MAX) break;
  }
  return last && placeOf(last);
}
