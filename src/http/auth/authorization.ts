/**
 * The Authorization header of a signed request, in its two forms:
 *
 *   LOG {accessKeyId}:{signature}
 *   SLS4-HMAC-SHA256 Credential={accessKeyId}/{date}/{region}/sls/aliyun_v4_request,Signature={hexadecimal digits}
 */
import { ApiError } from '../../errors.js';

export interface V1Authorization {
  readonly version: 'v1';
  readonly keyId: string;
  /** Base64. */
  readonly signature: string;
}

export interface V4Authorization {
  readonly version: 'v4';
  readonly keyId: string;
  /** The day of the signature, `20231114`. */
  readonly date: string;
  /** Whatever the client takes for our region. */
  readonly region: string;
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string;
}

export type Authorization = V1Authorization | V4Authorization;

/** Throws MissAccessKeyId if there is none or no id in it, ParameterInvalid if it is something else. */
export function readAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === '') throw new ApiError('MissAccessKeyId');
  const v1 = V1.exec(header);
  if (v1 !== null) {
    const [, keyId = '', signature = ''] = v1;
    if (keyId === '') throw new ApiError('MissAccessKeyId');
    return { version: 'v1', keyId, signature };
  }
  const v4 = V4.exec(header);
  if (v4 !== null) {
    const [, keyId = '', date = '', region = '', signature = ''] = v4;
    if (keyId === '') throw new ApiError('MissAccessKeyId');
    return { version: 'v4', keyId, date, region, signature };
  }
  const value = header.slice(0, SHOWN_LENGTH_MAX);
  throw new ApiError('ParameterInvalid', { reason: `Http extend authorization : ${value} pair is invalid.` });
}

const V1 = /^LOG ([^\s:]*):(\S+)$/;
const V4 =
  /^SLS4-HMAC-SHA256 Credential=([^\s/,]*)\/(\d{8})\/([^\s/,]+)\/sls\/aliyun_v4_request, ?Signature=([\da-f]{64})$/;

/** Of what a stranger sent, so much is sent back. */
const SHOWN_LENGTH_MAX = 255;
