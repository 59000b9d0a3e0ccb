/**
 * When a log came about by its client's own clock. Receive times rule, so a tracked log keeps what its client said in a
 * field of this name: there it can be asked for, and compared.
 */
export const CLIENT_TIME = '__client_time__';

/** In bytes of its source text. No time is as long: what is, is none. */
export const CLIENT_TIME_BYTES_MAX = 64;

/**
 * A time as clients write them: seconds since 1970, or milliseconds, microseconds or nanoseconds, told apart by the number
 * of digits; there may be a fraction. Nine digits of seconds are a time in 1973.
 */
export const CLIENT_TIME_PATTERN = '^[1-9][0-9]{8,18}([.][0-9]{1,9})?$';
const PATTERN = new RegExp(CLIENT_TIME_PATTERN);

/** Unix milliseconds; undefined for what is no time. `clientSkewSql` reads the same way. */
export function readClientTime(text: string): number | undefined {
  if (!PATTERN.test(text)) return undefined;
  const digits = `${text}.`.indexOf('.');
  return Number(text) * 1000 ** (1 - Math.floor((digits - 9) / 3));
}
