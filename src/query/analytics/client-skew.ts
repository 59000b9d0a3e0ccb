/** How far a client's clock is behind ours, as a column of SQL: whose clocks are wrong, and by how much. */
import { CLIENT_TIME_PATTERN } from '../../model/client-time.js';

export const CLIENT_SKEW = '__client_skew__';

/**
 * Receive time less the client's, in milliseconds: above zero the client's clock is behind, or the log was on its way.
 * NULL where `text`, a Nullable(String), is no time as `readClientTime` (model/client-time.ts) reads it.
 */
export function clientSkewSql(text: string): string {
  const digits = `position(concat(${text}, '.'), '.') - 1`;
  const clientMs = `toFloat64OrNull(${text}) * pow(1000, 1 - intDiv(${digits} - 9, 3))`;
  return `if(match(ifNull(${text}, ''), '${CLIENT_TIME_PATTERN}'), toUnixTimestamp64Milli(time) - toInt64(round(${clientMs})), NULL)`;
}
