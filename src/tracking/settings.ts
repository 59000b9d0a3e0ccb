/** What an operator may choose about writing. */
import { ApiError } from '../errors.js';

export interface BodyLimits {
  /** Of a body, uncompressed. */
  readonly bodyBytesMax: number;
  readonly logsPerRequestMax: number;
}

export interface TrackingSettings extends BodyLimits {
  /** `refuse` answers as strictly as SLS does to values that are not strings. */
  readonly nonStringValues: 'store' | 'refuse';
}

/** The refusal of a body over these limits. `cause` is for our own log. */
export function tooLarge({ bodyBytesMax, logsPerRequestMax }: BodyLimits, cause?: string): ApiError {
  const mb = Math.floor((bodyBytesMax / (1024 * 1024)) * 100) / 100;
  return new ApiError('PostBodyTooLarge', { mb, logs: logsPerRequestMax }, { cause });
}
