/** The protobuf form of a tracked request, which the API's errors imply and hardly any client sends. */
import type { LogGroupReader } from './log-group-reader.js';
import type { ScanResult } from './scan.js';

/**
 * Reads a LogGroup with at least one log. Its times are checked, though the receive time rules.
 * `notLogGroup` leaves the error to the caller: the body may be JSON gone wrong.
 */
export function readLogGroup(
  reader: LogGroupReader,
  bytes: Buffer,
  nowSeconds: number,
): ScanResult | { readonly kind: 'notLogGroup' } {
  const result = reader.read(bytes, nowSeconds);
  if (result.kind === 'noLogs') return { kind: 'notLogGroup' };
  return result;
}
