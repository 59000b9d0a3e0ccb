/** The headers that say how a body is encoded: `x-log-compresstype` and `x-log-bodyrawsize`. */
import { ApiError } from '../errors.js';
import type { Compression } from '../http/decompress.js';

export type Codec = 'none' | Compression;

/** One of `accepted`, or none: absent and empty mean that the body is not compressed. Throws InvalidCompressType. */
export function readCodec(header: string | string[] | undefined, accepted: readonly Compression[]): Codec {
  if (header === undefined || header === '') return 'none';
  const type = String(header);
  const codec = accepted.find((known) => known === type.toLowerCase());
  if (codec === undefined) throw new ApiError('InvalidCompressType', { type });
  return codec;
}

/**
 * The size that the client says its body has when it is not compressed, 0 if it need not say. Only a hint: browsers
 * count UTF-16 units. Throws MissingBodyRawSize and InvalidBodyRawSize.
 */
export function readRawSize(header: string | string[] | undefined, isRequired: boolean): number {
  if (header === undefined || header === '') {
    if (isRequired) throw new ApiError('MissingBodyRawSize');
    return 0;
  }
  const text = String(header);
  if (!/^\d{1,15}$/.test(text)) throw new ApiError('InvalidBodyRawSize');
  return Number(text);
}
