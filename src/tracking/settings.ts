/** What an operator may choose about writing. */
import { ApiError, type Fault } from '../errors.js';

export interface BodyLimits {
  /** Of a body, uncompressed. */
  readonly bodyBytesMax: number;
  readonly logsPerRequestMax: number;
}

export interface TrackingSettings extends BodyLimits {
  /** `refuse` answers as strictly as SLS does to values that are not strings. */
  readonly nonStringValues: 'store' | 'refuse';
}

/** The refusal of a body over these limits. */
export function tooLarge({ bodyBytesMax, logsPerRequestMax }: BodyLimits, fault?: Fault): ApiError {
  const mb = Math.floor((bodyBytesMax / (1024 * 1024)) * 100) / 100;
  return new ApiError('PostBodyTooLarge', { mb, logs: logsPerRequestMax }, { fault });
}
