/** What can be wrong with a tracked body, as numbers, gravest first: the order in which it is reported. */
import type { ErrorName } from '../errors.js';
import type { LogFault } from './aside-log.js';

export const NO_TROUBLE = 0;
export const QUERY_TOO_LONG = 1;
export const TIME_INVALID = 2;
export const TIME_OUT_OF_RANGE = 3;
export const NOT_UTF8 = 4;
// No object of the right form.
export const NOT_JSON = 5;
export const TOO_DEEP = 6;
export const NOT_OBJECT = 7;
export const LOGS_MISSING = 8;
export const LOGS_NOT_ARRAY = 9;
export const LOG_NOT_OBJECT = 10;
export const TAGS_NOT_OBJECT = 11;
export const VALUE_NOT_STRING = 12;
export const TOO_MANY_LOGS = 13;
// In one log, or in the tags.
export const KEY_EMPTY = 14;
export const KEY_TOO_LONG = 15;
export const KEY_WITH_CONTROL = 16;
export const KEY_RESERVED = 17;
export const LONE_SURROGATE = 18;
export const VALUE_TOO_LARGE = 19;
export const TOO_MANY_FIELDS = 20;
export const TAGS_TOO_LARGE = 21;

/** Why a body is refused. */
export interface Refusal {
  readonly kind: 'refused';
  readonly error: ErrorName;
  /** For operators; not for the wire. */
  readonly reason: string;
  /** Where it was seen, in bytes of the text looked at. */
  readonly offset: number;
}

const REFUSALS: Readonly<Record<number, readonly [ErrorName, string]>> = {
  [QUERY_TOO_LONG]: ['PostBodyTooLarge', 'the query is too long'],
  [TIME_INVALID]: ['InvalidTimestamp', 'the time of a log is 0 or no time'],
  [TIME_OUT_OF_RANGE]: ['PostTimeOutOfRange', 'the time of a log is too far from now'],
  [NOT_UTF8]: ['InvalidEncoding', 'not UTF-8'],
  [NOT_JSON]: ['PostBodyInvalid', 'not JSON'],
  [TOO_DEEP]: ['PostBodyInvalid', 'JSON nested too deep'],
  [NOT_OBJECT]: ['PostBodyInvalid', 'not a JSON object'],
  [LOGS_MISSING]: ['PostBodyInvalid', 'no __logs__'],
  [LOGS_NOT_ARRAY]: ['PostBodyInvalid', '__logs__ is not an array'],
  [LOG_NOT_OBJECT]: ['PostBodyInvalid', 'a log is not an object'],
  [TAGS_NOT_OBJECT]: ['PostBodyInvalid', '__tags__ is not an object'],
  [VALUE_NOT_STRING]: ['PostBodyInvalid', 'a value is not a string'],
  [TOO_MANY_LOGS]: ['PostBodyTooLarge', 'too many logs'],
  [KEY_EMPTY]: ['InvalidKey', 'a key is empty'],
  [KEY_TOO_LONG]: ['InvalidKey', 'a key is too long'],
  [KEY_WITH_CONTROL]: ['InvalidKey', 'a key has a control character'],
  [KEY_RESERVED]: ['InvalidKey', 'a key is reserved'],
  [LONE_SURROGATE]: ['InvalidEncoding', 'half a surrogate pair'],
  [VALUE_TOO_LARGE]: ['PostBodyTooLarge', 'a value is too large'],
  [TOO_MANY_FIELDS]: ['PostBodyTooLarge', 'too many fields in one object'],
  [TAGS_TOO_LARGE]: ['PostBodyTooLarge', 'the tags are too large for so many logs'],
};

const LOG_FAULTS: Readonly<Record<number, LogFault>> = {
  [LOG_NOT_OBJECT]: 'LogNotObject',
  [VALUE_NOT_STRING]: 'ValueNotString',
  [KEY_EMPTY]: 'KeyEmpty',
  [KEY_TOO_LONG]: 'KeyTooLong',
  [KEY_WITH_CONTROL]: 'KeyWithControl',
  [KEY_RESERVED]: 'KeyReserved',
  [LONE_SURROGATE]: 'LoneSurrogate',
  [VALUE_TOO_LARGE]: 'ValueTooLarge',
  [TOO_MANY_FIELDS]: 'TooManyFields',
};

/** Of trouble that a log can have by itself. */
export function describeFault(trouble: number): { readonly fault: LogFault; readonly reason: string } {
  const fault = LOG_FAULTS[trouble];
  if (fault === undefined) throw new Error(`trouble ${trouble} is none of a log`);
  return { fault, reason: REFUSALS[trouble]?.[1] ?? fault };
}

export function refuse(trouble: number, offset: number): Refusal {
  const [error, reason] = REFUSALS[trouble] ?? ['InternalServerError', `trouble ${trouble}`];
  return { kind: 'refused', error, reason, offset };
}
