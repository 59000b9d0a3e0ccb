/** Values of a result as they are printed: every one a text, NULL as `null`, arrays and maps as JSON. */
import type { SqlType } from './types.js';

/** What a column selects so that `printValue` can print it: no digit of a number may get lost on the way. */
export function selectedSql(sql: string, type: SqlType): string {
  if (type === 'double') return `toString(${sql})`;
  if (type === 'timestamp with time zone') return `concat(toString(${sql}), ' ', timezoneOf(${sql}))`;
  // As pairs: an object would sort keys such as 7 to the front.
  if (typeof type !== 'string' && type.kind === 'map') return `arrayZip(mapKeys(${sql}), mapValues(${sql}))`;
  return sql;
}

/** `value` is what came as JSON for `selectedSql` of this type. */
export function printValue(value: unknown, type: SqlType): string {
  if (value === null || value === undefined) return 'null';
  switch (type) {
    case 'double':
      return printDouble(String(value));
    case 'boolean':
      return value === true || value === 1 ? 'true' : 'false';
    case 'interval day to second':
      return printDayInterval(Number(value));
    case 'interval year to month':
      return `${Math.trunc(Number(value) / 12)}-${Math.abs(Number(value) % 12)}`;
    default:
      return typeof type === 'string' ? String(value) : printJson(value, type);
  }
}

/** As Presto prints it: a whole number has a fraction, too. */
function printDouble(text: string): string {
  if (text === 'inf') return 'Infinity';
  if (text === '-inf') return '-Infinity';
  if (text === 'nan') return 'NaN';
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** `2 03:04:05.678`: days and time. */
function printDayInterval(ms: number): string {
  const whole = Math.abs(ms);
  const clock = [Math.trunc(whole / 3_600_000) % 24, Math.trunc(whole / 60_000) % 60, Math.trunc(whole / 1000) % 60];
  const digits = clock.map((part) => String(part).padStart(2, '0')).join(':');
  const sign = ms < 0 ? '-' : '';
  return `${sign}${Math.trunc(whole / 86_400_000)} ${digits}.${String(whole % 1000).padStart(3, '0')}`;
}

function printJson(value: unknown, type: SqlType): string {
  if (value === null || value === undefined) return 'null';
  if (typeof type !== 'string') {
    if (type.kind === 'array') {
      return `[${asArray(value)
        .map((item) => printJson(item, type.item))
        .join(',')}]`;
    }
    return `{${pairsOf(value)
      .map(([key, item]) => `${JSON.stringify(printValue(key, type.key))}:${printJson(item, type.value)}`)
      .join(',')}}`;
  }
  switch (type) {
    case 'bigint':
      return String(value);
    case 'double': {
      const printed = printDouble(String(value));
      return /[a-z]{3}/i.test(printed) ? JSON.stringify(printed) : printed;
    }
    case 'boolean':
      return printValue(value, type);
    case 'json':
      return String(value);
    default:
      return JSON.stringify(printValue(value, type));
  }
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A map at the top comes as pairs; within an array or a map it comes as an object. */
function pairsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (!Array.isArray(value)) return Object.entries(value ?? {});
  return value.map((pair: unknown) => {
    const [key, item] = asArray(pair);
    return [key, item] as const;
  });
}
