/** Answers compressed as SLS's clients ask for it: `lz4` is a raw block (no frame, no size), `zstd` a standard frame. */
import * as zlib from 'node:zlib';
import { compressSync } from 'lz4-napi';

/** Node has it from 22.15 on. Its types do not know it yet. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

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
