/** Answers compressed as SLS's clients ask for it: `lz4` is a raw block (no frame, no size), `zstd` a standard frame. */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { compress as compressLz4, compressSync } from 'lz4-napi';

/** Node has it from 22.15 on. Its types do not know it yet. */
const { zstdCompressSync, zstdCompress } = zlib as {
  zstdCompressSync?: (bytes: Buffer) => Buffer;
  zstdCompress?: (bytes: Buffer, done: (error: Error | null, compressed: Buffer) => void) => void;
};

export type AnswerCodec = 'lz4' | 'zstd';

/**
 * What the client asks for in Accept-Encoding, where SLS's clients put the name of one codec alone. Lists are those of HTTP
 * libraries, which mean something else by the names and expect Content-Encoding: for them, null.
 */
export function answerCodec(acceptEncoding: string | string[] | undefined): AnswerCodec | null {
  if (acceptEncoding === 'lz4') return 'lz4';
  return acceptEncoding === 'zstd' && zstdCompressSync !== undefined ? 'zstd' : null;
}

export function compress(bytes: Buffer, codec: AnswerCodec): Buffer {
  // The library puts the size in front.
  if (codec === 'lz4') return compressSync(bytes).subarray(4);
  if (zstdCompressSync === undefined) throw new Error('this Node has no zstd');
  return zstdCompressSync(bytes);
}

/** The same beside the event loop, for answers of megabytes. */
export async function compressAside(bytes: Buffer, codec: AnswerCodec): Promise<Buffer> {
  if (codec === 'lz4') return (await compressLz4(bytes)).subarray(4);
  if (zstdCompress === undefined) throw new Error('this Node has no zstd');
  return promisify(zstdCompress)(bytes);
}
