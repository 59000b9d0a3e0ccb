/**
 * Pieces of a file, each compressed by itself: members of gzip (RFC 1952, 2.2) and frames of zstd (RFC 8878, 3) may stand one
 * behind the other, so that a file can be continued behind any piece.
 */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { ExportCompression } from '../../api/export.js';

type Compress = (bytes: Buffer) => Promise<Buffer>;

// Node's types know zstd only from 22 on.
const { zstdCompress } = zlib as { zstdCompress?: (bytes: Buffer, done: (e: Error | null, b: Buffer) => void) => void };
const gzip: Compress = promisify(zlib.gzip);

export const hasZstdCompression = zstdCompress !== undefined;

export async function compressPiece(text: string, compression: ExportCompression): Promise<Buffer> {
  const bytes = Buffer.from(text);
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzip(bytes);
    case 'zstd':
      if (zstdCompress === undefined) throw new Error('a task was let in whose compression is not there');
      return promisify(zstdCompress)(bytes);
  }
}
