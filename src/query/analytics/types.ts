/** Types of values, as Presto names them. */

export type ScalarType =
  /** Of a NULL that nothing says more about. */
  | 'unknown'
  | 'boolean'
  | 'bigint'
  | 'double'
  | 'varchar'
  /** JSON text. */
  | 'json'
  | 'timestamp'
  | 'timestamp with time zone'
  | 'date'
  /** Milliseconds. */
  | 'interval day to second'
  /** Months. */
  | 'interval year to month';

export type SqlType =
  | ScalarType
  | { readonly kind: 'array'; readonly item: SqlType }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType };

export function arrayOf(item: SqlType): SqlType {
  return { kind: 'array', item };
}

export function mapOf(key: SqlType, value: SqlType): SqlType {
  return { kind: 'map', key, value };
}

export function printType(type: SqlType): string {
  if (typeof type === 'string') return type;
  if (type.kind === 'array') return `array(${printType(type.item)})`;
  return `map(${printType(type.key)}, ${printType(type.value)})`;
}

export function sameType(a: SqlType, b: SqlType): boolean {
  return printType(a) === printType(b);
}

export function isNumeric(type: SqlType): boolean {
  return type === 'bigint' || type === 'double';
}

export function isTime(type: SqlType): boolean {
  return type === 'timestamp' || type === 'timestamp with time zone' || type === 'date';
}

/**
 * The type that values of both types can be given in one column, as in CASE or UNION; null if there is none. Presto has
 * no common type of text and numbers. Here it is text.
 */
export function commonType(a: SqlType, b: SqlType): SqlType | null {
  if (sameType(a, b)) return a;
  if (a === 'unknown') return b;
  if (b === 'unknown') return a;
  if (typeof a === 'string' && typeof b === 'string') return commonScalar(a, b);
  if (typeof a === 'string' || typeof b === 'string') return null;
  if (a.kind === 'array' && b.kind === 'array') {
    const item = commonType(a.item, b.item);
    return item && arrayOf(item);
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = commonType(a.key, b.key);
    const value = commonType(a.value, b.value);
    return key && value && mapOf(key, value);
  }
  return null;
}

function commonScalar(a: ScalarType, b: ScalarType): SqlType | null {
  if (isNumeric(a) && isNumeric(b)) return 'double';
  if (isTime(a) && isTime(b)) return 'timestamp';
  const isPlain = (type: ScalarType) => type === 'varchar' || type === 'json' || isNumeric(type) || type === 'boolean';
  const isText = (type: ScalarType) => type === 'varchar' || type === 'json';
  return isPlain(a) && isPlain(b) && (isText(a) || isText(b)) ? 'varchar' : null;
}

/** The type in which values of both types are compared; null if they cannot be. Against a number, text is a number. */
export function comparableType(a: SqlType, b: SqlType): SqlType | null {
  const isText = (type: SqlType) => type === 'varchar' || type === 'json';
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (isText(one) && isNumeric(other)) return 'double';
    if (isText(one) && (other === 'boolean' || isTime(other))) return other;
    if (one === 'bigint' && isTime(other)) return 'timestamp';
  }
  return commonType(a, b);
}

/** How far a value has to be changed to be of the type `to` without being asked; null if it never is. */
export function implicitCost(from: SqlType, to: SqlType): number | null {
  if (sameType(from, to) || from === 'unknown') return 0;
  if (typeof from === 'string' && typeof to === 'string') return IMPLICIT[from]?.[to] ?? null;
  if (typeof from === 'string' || typeof to === 'string') return null;
  if (from.kind === 'array' && to.kind === 'array') return implicitCost(from.item, to.item);
  if (from.kind === 'map' && to.kind === 'map') {
    const key = implicitCost(from.key, to.key);
    const value = implicitCost(from.value, to.value);
    return key === null || value === null ? null : key + value;
  }
  return null;
}

/** Beyond Presto's own: text where a number is wanted (a field without an index), and seconds where a time is. */
const IMPLICIT: { readonly [From in ScalarType]?: { readonly [To in ScalarType]?: number } } = {
  bigint: { double: 1, timestamp: 3, varchar: 9 },
  double: { timestamp: 4, varchar: 9, bigint: 7 },
  boolean: { varchar: 9 },
  varchar: { json: 2, double: 4, bigint: 5, timestamp: 6, date: 7, boolean: 8 },
  json: { varchar: 1, double: 4, bigint: 5, boolean: 8 },
  date: { timestamp: 1, varchar: 9 },
  timestamp: { 'timestamp with time zone': 1, date: 7, varchar: 9 },
  'timestamp with time zone': { timestamp: 1, date: 7, varchar: 9 },
};
