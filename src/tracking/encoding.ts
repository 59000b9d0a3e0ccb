/** The headers that say how a body is encoded: `x-log-compresstype` and `x-log-bodyrawsize`. */
import { ApiError } from '../errors.js';

export type Codec = 'none' | 'lz4' | 'deflate';

/** Throws InvalidCompressType. Absent and empty mean that the body is not compressed. */
export function readCodec(header: string | string[] | undefined): Codec {
  if (header === undefined || header === '') return 'none';
  const type = String(header);
  switch (type.toLowerCase()) {
    case 'lz4':
      return 'lz4';
    case 'deflate':
      return 'deflate';
    default:
      throw new ApiError('InvalidCompressType', { type });
  }
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
