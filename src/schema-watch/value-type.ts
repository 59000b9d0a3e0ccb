/** What the text of a value looks like. */

export const VALUE_TYPES = ['empty', 'integer', 'number', 'boolean', 'timestamp', 'url', 'id', 'json', 'text'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** Longer texts are cut before they are looked at; JSON of more is taken for what its ends look like. */
const LOOKED_AT_MAX = 4096;

const INTEGER = /^[+-]?\d{1,18}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
/** RFC 3339, with a blank instead of `T` as well, and dates alone. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$/;
const URL_LIKE = /^[a-z][a-z0-9+.-]{0,31}:\/\/[^\s]+$/i;
const BOOLEAN = /^(?:true|false|yes|no|on|off)$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** With a digit in it: a long word is no id. */
const TOKEN = /^(?=[^\d]*\d)[\w.+/=-]{16,256}$/;

/** Unix seconds that a log of today may name: from 2008 to 2039. In milliseconds they have three digits more. */
const SECONDS_MIN = 1_200_000_000;
const SECONDS_MAX = 2_200_000_000;

export function typeOf(value: string): ValueType {
  if (value === '') return 'empty';
  const first = value.charCodeAt(0);
  const isNumeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e; // 0-9 + - .
  if (isNumeric) {
    if (INTEGER.test(value)) return isUnixTime(value) ? 'timestamp' : 'integer';
    if (value.length <= 64 && NUMBER.test(value)) return 'number';
    if (value.length <= 40 && DATE.test(value)) return 'timestamp';
  }
  if (first === 0x7b || first === 0x5b) return isJson(value) ? 'json' : 'text'; // { [
  if (value.length <= 5 && BOOLEAN.test(value)) return 'boolean';
  const text = value.length <= LOOKED_AT_MAX ? value : value.slice(0, LOOKED_AT_MAX);
  if (URL_LIKE.test(text)) return 'url';
  if (UUID.test(text) || (text.length <= 256 && TOKEN.test(text))) return 'id';
  return 'text';
}

function isUnixTime(digits: string): boolean {
  const seconds = digits.length === 13 ? Number(digits) / 1000 : digits.length === 10 ? Number(digits) : 0;
  return seconds >= SECONDS_MIN && seconds <= SECONDS_MAX;
}

function isJson(value: string): boolean {
  if (value.length > LOOKED_AT_MAX) return /[}\]]\s*$/.test(value.slice(-16));
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
