/**
 * The answer with a file, from its beginning or from where it broke off.
 *
 * It is complete when it ends as HTTP says it must (with the last, empty chunk); then count and digest follow as trailers. If
 * the export fails on the way, the connection is cut, and the client continues from its last checkpoint.
 */
import { createHash } from 'node:crypto';
import type { ExportCompression, ExportFormat } from '../../api/export.js';
import type { Exchange } from '../../http/route.js';
import type { Log } from '../../platform/diagnostics.js';
import type { Outflow } from '../outflow.js';
import type { Piece } from './piece.js';
import type { Checkpoint } from './record.js';
import type { ExportTask } from './task.js';

export interface ExportAnswer {
  readonly id: string;
  readonly task: ExportTask;
  /** What the file is called where it is saved, without its ending. */
  readonly name: string;
  readonly start: Checkpoint;
  /** From `start` on. */
  readonly pieces: AsyncIterable<Piece>;
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
}

export async function answerExport(
  exchange: Exchange,
  outflow: Outflow,
  answer: ExportAnswer,
  log: Log,
): Promise<void> {
  const { request, response, commonHeaders } = exchange;
  const { id, task, name, start, pieces } = answer;
  const begin = () => {
    if (response.headersSent) return;
    response.writeHead(200, [
      ...commonHeaders,
      ...['Content-Type', contentType(task), 'Cache-Control', 'no-store'],
      ...['Content-Disposition', `attachment; filename="${name}.${fileEnding(task)}"`],
      ...['x-logboom-export', id, 'Trailer', 'x-logboom-logs, x-logboom-bytes, x-logboom-sha256'],
    ]);
  };
  if (request.method === 'HEAD') {
    begin();
    response.end();
    return;
  }

  // A disk that takes no record takes nothing from the file: it only cannot be continued from here.
  const save = (checkpoint: Checkpoint) =>
    answer.save(checkpoint).catch((error: unknown) => log.warn({ err: error, id }, 'an export could not be recorded'));
  const hash = createHash('sha256');
  const from = start.bytes;
  let reached: Checkpoint = { ...start, from, sha256: hash.copy().digest('hex'), rowGroup: null };
  for await (const piece of pieces) {
    begin();
    // What is known of the piece before is kept only now that it turned out not to be the last.
    if (reached.bytes > from) await save(reached);
    hash.update(piece.bytes);
    await outflow.write(piece.bytes);
    const { place, rowGroup } = piece;
    const [bytes, logs] = [reached.bytes + piece.bytes.length, reached.logs + piece.logs];
    reached = { bytes, logs, sha256: hash.copy().digest('hex'), from, place, rowGroup, isEnd: false };
  }
  begin();
  await save({ ...reached, isEnd: true });
  response.addTrailers([
    ['x-logboom-logs', String(reached.logs)],
    ['x-logboom-bytes', String(reached.bytes)],
    ['x-logboom-sha256', reached.sha256],
  ]);
  response.end();
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};
/** The compressed file is what is asked for, not a way to send it: it is no Content-Encoding. */
const COMPRESSED_TYPES: Readonly<Record<ExportCompression, string | null>> = {
  none: null,
  gzip: 'application/gzip',
  zstd: 'application/zstd',
};
const ENDINGS: Readonly<Record<ExportCompression, string>> = { none: '', gzip: '.gz', zstd: '.zst' };

function contentType({ format, compression }: ExportTask): string {
  const whole = format === 'parquet' ? null : COMPRESSED_TYPES[compression];
  return whole ?? CONTENT_TYPES[format];
}

function fileEnding({ format, compression }: ExportTask): string {
  return format + (format === 'parquet' ? '' : ENDINGS[compression]);
}
