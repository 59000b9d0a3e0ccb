/**
 * Bodies that clients compressed: `lz4` is a raw block (no frame, no size, no checksum), `deflate` is zlib (RFC 1950) or
 * raw (RFC 1951), `gzip` is that or really gzip (RFC 1952), `zstd` is a standard frame. Nothing is ever decoded beyond a
 * given size, whatever the bytes or the client say.
 */
import * as zlib from 'node:zlib';
import { uncompressSync } from 'lz4-napi';
import { discard } from '../platform/discard.js';

export interface SizeLimits {
  /** What the client says the decoded size is. A hint: browsers count UTF-16 units, some clients send 0. */
  readonly declaredBytes: number;
  readonly bytesMax: number;
}

export type Decompressed =
  | { readonly kind: 'raw'; readonly bytes: Buffer }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'malformed' };

export type Compression = 'lz4' | 'deflate' | 'gzip' | 'zstd';

/** Node has it from 22.15 on. Its types do not know it yet. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decode };
export const hasZstd = zstdDecompressSync !== undefined;

export function decompress(bytes: Buffer, codec: Compression, limits: SizeLimits): Decompressed {
  if (bytes.length === 0) return MALFORMED;
  switch (codec) {
    case 'lz4':
      return decompressLz4(bytes, limits);
    case 'zstd':
      return zstdDecompressSync === undefined ? MALFORMED : inflate(zstdDecompressSync, bytes, limits.bytesMax);
    case 'gzip':
      if (bytes.length > 2 && bytes.readUInt16BE(0) === GZIP_MAGIC) {
        return inflate(zlib.gunzipSync, bytes, limits.bytesMax);
      }
      return decompressDeflate(bytes, limits.bytesMax);
    case 'deflate':
      return decompressDeflate(bytes, limits.bytesMax);
  }
}

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const GZIP_MAGIC = 0x1f8b;

const MALFORMED: Decompressed = { kind: 'malformed' };
const TOO_LARGE: Decompressed = { kind: 'tooLarge' };

/** The declared size mostly suffices. Only when it does not, the block is walked to learn the true one. */
function decompressLz4(block: Buffer, { declaredBytes, bytesMax }: SizeLimits): Decompressed {
  // The decoder takes the size from four bytes in front of the block.
  const sized = Buffer.allocUnsafeSlow(4 + block.length);
  block.copy(sized, 4);
  try {
    const hint = Math.min(declaredBytes, bytesMax);
    const hinted = hint > 0 ? decodeSized(sized, hint) : undefined;
    if (hinted !== undefined) return { kind: 'raw', bytes: hinted };

    const size = lz4Size(block, bytesMax);
    if (size === -1) return MALFORMED;
    if (size > bytesMax) return TOO_LARGE;
    const bytes = decodeSized(sized, size);
    return bytes === undefined ? MALFORMED : { kind: 'raw', bytes };
  } finally {
    discard(sized);
  }
}

/** Undefined if the block is malformed or decodes to more than `size` bytes; it may well be fewer. */
function decodeSized(sized: Buffer, size: number): Buffer | undefined {
  sized.writeUInt32LE(size);
  try {
    return uncompressSync(sized);
  } catch {
    return undefined;
  }
}

/**
 * How many bytes an lz4 block decodes to, without decoding it. Stops beyond `bytesMax` with any number larger than that;
 * -1 if the block breaks off. The block format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function lz4Size(block: Buffer, bytesMax: number): number {
  let i = 0;
  let size = 0;

  /** A length of 15 goes on in bytes that are added up, the last of which is less than 255. -1 if they break off. */
  const readLength = (length: number): number => {
    if (length < 15) return length;
    let sum = length;
    for (;;) {
      const byte = block[i++];
      if (byte === undefined) return -1;
      sum += byte;
      if (byte < 255) return sum;
    }
  };

  while (size <= bytesMax) {
    const token = block[i++];
    if (token === undefined) return -1;
    const literals = readLength(token >> 4);
    if (literals === -1) return -1;
    i += literals;
    size += literals;
    if (i === block.length) return size; // the last sequence is literals alone
    i += 2; // the offset of the match, for the decoder to judge
    const match = readLength(token & 15);
    if (match === -1 || i >= block.length) return -1;
    size += match + 4;
  }
  return size;
}

/** Bytes behind the end of the stream are ignored, as zlib does. */
function decompressDeflate(bytes: Buffer, bytesMax: number): Decompressed {
  const wrapped = hasZlibHeader(bytes) ? inflate(zlib.inflateSync, bytes, bytesMax) : MALFORMED;
  return wrapped.kind === 'malformed' ? inflate(zlib.inflateRawSync, bytes, bytesMax) : wrapped;
}

/** Compression method 8, and a check that makes the header a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length > 2 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

function inflate(decode: Decode, bytes: Buffer, bytesMax: number): Decompressed {
  try {
    return { kind: 'raw', bytes: decode(bytes, { maxOutputLength: bytesMax }) };
  } catch (error) {
    const isTooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? TOO_LARGE : MALFORMED;
  }
}
