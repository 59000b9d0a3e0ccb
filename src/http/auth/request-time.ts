/** When a request says it was signed. A signature is good for a while, so that whoever sees one cannot use it for ever. */
import { ApiError } from '../../errors.js';

/** How far it may be from our time, in seconds, either way. SLS: 15 minutes. */
const SKEW_SECONDS_MAX = 900;

/** Of v1: `Mon, 09 Nov 2015 06:11:16 GMT`. Unix seconds. Throws MissingDate and InvalidDateFormat. */
export function readHttpDate(date: string): number {
  if (date === '') throw new ApiError('MissingDate');
  const [, day = '', monthName = '', year = '', hour = '', minute = '', second = ''] = HTTP_DATE.exec(date) ?? [];
  const month = MONTHS.indexOf(monthName);
  if (month === -1) throw new ApiError('InvalidDateFormat', { date });
  return unixSeconds(date, [year, month + 1, day, hour, minute, second]);
}

/** Of v4: `20231114T221320Z`. Unix seconds. Throws MissingDate and InvalidDateFormat. */
export function readCompactDate(date: string): number {
  if (date === '') throw new ApiError('MissingDate');
  const [, ...numbers] = COMPACT_DATE.exec(date) ?? [];
  if (numbers.length === 0) throw new ApiError('InvalidDateFormat', { date });
  return unixSeconds(date, numbers);
}

/** Throws RequestTimeExpired. `date` is for the message. */
export function checkSkew(seconds: number, date: string, nowMs: number): void {
  if (Math.abs(nowMs / 1000 - seconds) <= SKEW_SECONDS_MAX) return;
  throw new ApiError('RequestTimeExpired', { date, now: new Date(nowMs).toUTCString() });
}

/** The weekday is not looked at, and a day may have one digit: both are seen from SDKs. */
const HTTP_DATE = /^[A-Za-z]{3}, +(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|\+0000)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function unixSeconds(date: string, [year, month, day, hour, minute, second]: readonly (string | number)[]): number {
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Date.UTC takes the 31st of November for the 1st of December, and a 13th month for January.
  const read = new Date(ms);
  if (read.getUTCDate() !== Number(day) || read.getUTCMonth() + 1 !== Number(month)) {
    throw new ApiError('InvalidDateFormat', { date });
  }
  return ms / 1000;
}
