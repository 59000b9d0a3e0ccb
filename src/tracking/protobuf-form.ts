/** The protobuf form of a tracked request, which the API's errors imply and hardly any client sends. */
import { isUtf8 } from 'node:buffer';
import { readLogGroupMessage } from './log-group-message.js';
import { NOT_UTF8, type Refusal, refuse, TIME_OUT_OF_RANGE, TIME_ZERO } from './refusal.js';
import type { Scanner, ScanResult } from './scan.js';

/** How far the time of a log may be from the server's, in seconds. PutLogs: 7 days back, 15 minutes ahead. */
const AGE_SECONDS_MAX = 7 * 24 * 3600;
const LEAD_SECONDS_MAX = 15 * 60;

/**
 * Reads a LogGroup with at least one log. Its times are checked, though the receive time will replace them.
 * `notLogGroup` leaves the error to the caller: the body may be JSON gone wrong.
 */
export function readLogGroup(
  scanner: Scanner,
  bytes: Buffer,
  nowSeconds: number,
): ScanResult | { readonly kind: 'notLogGroup' } {
  const message = readLogGroupMessage(bytes);
  if (message === null || message.times.length === 0) return { kind: 'notLogGroup' };
  const wrongTime = checkTimes(message.times, nowSeconds);
  if (wrongTime !== undefined) return wrongTime;
  return isUtf8(message.json) ? scanner.scan(message.json) : refuse(NOT_UTF8, 0);
}

function checkTimes(times: readonly number[], nowSeconds: number): Refusal | undefined {
  for (const time of times) {
    if (time === 0) return refuse(TIME_ZERO, 0);
    if (time < nowSeconds - AGE_SECONDS_MAX || time > nowSeconds + LEAD_SECONDS_MAX)
      return refuse(TIME_OUT_OF_RANGE, 0);
  }
  return undefined;
}
