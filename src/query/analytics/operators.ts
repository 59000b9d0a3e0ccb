/** Literals, and what operators make of values. */
import type { BinaryOperator, IntervalUnit } from './ast.js';
import { coerce } from './cast.js';
import { numberSql, type Translation, type Typed } from './translation.js';
import { commonType, implicitCost, isNumeric, isTime, printType, type SqlType } from './types.js';

const ARITHMETIC = ['+', '-', '*', '/', '%'] as const;
type Arithmetic = (typeof ARITHMETIC)[number];

export function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return ARITHMETIC.some((one) => one === operator);
}

export function literal(value: bigint | number | string | boolean | null, { bind }: Translation): Typed {
  if (value === null) return { sql: 'NULL', type: 'unknown', constant: value };
  if (typeof value === 'boolean') return { sql: String(value), type: 'boolean', constant: value };
  if (typeof value === 'string') return { sql: bind(value), type: 'varchar', constant: value };
  return { sql: numberSql(value), type: typeof value === 'bigint' ? 'bigint' : 'double', constant: value };
}

export function negative(operand: Typed, at: number, translation: Translation): Typed {
  const { constant } = operand;
  if (typeof constant === 'bigint' || typeof constant === 'number') return literal(-constant, translation);
  if (isInterval(operand.type)) return { sql: `(-${operand.sql})`, type: operand.type };
  const number = asNumber(operand.type);
  if (number === null) throw translation.error(at, `'-' cannot be applied to ${printType(operand.type)}`);
  return { sql: `(-${coerce(operand, number, translation).sql})`, type: number };
}

/** The type under which a value is calculated with: text is a number there. Null if it cannot be. */
function asNumber(type: SqlType): SqlType | null {
  if (isNumeric(type)) return type;
  return type === 'unknown' || implicitCost(type, 'double') !== null ? 'double' : null;
}

export function calculate(
  operator: Arithmetic,
  left: Typed,
  right: Typed,
  at: number,
  translation: Translation,
): Typed {
  const ofTime = operator === '+' || operator === '-' ? calculateTime(operator, left, right) : null;
  if (ofTime !== null) return ofTime;
  const types = [asNumber(left.type), asNumber(right.type)];
  if (types.includes(null)) throw inapplicable(operator, left, right, at, translation);
  const type: SqlType = types.every((one) => one === 'bigint') ? 'bigint' : 'double';
  const [a, b] = [coerce(left, type, translation).sql, coerce(right, type, translation).sql];
  if (type === 'double') return { sql: `(${a} ${operator} ${b})`, type };
  // Of whole numbers it is cut, as in Presto, and NULL where the divisor is 0. The engine's own functions with OrNull in their
  // names give 0 for some that are nullable.
  if (operator === '/') return { sql: `intDiv(${a}, nullIf(${b}, 0))`, type };
  if (operator === '%') return { sql: `modulo(${a}, nullIf(${b}, 0))`, type };
  return { sql: `(${a} ${operator} ${b})`, type };
}

function inapplicable(operator: string, left: Typed, right: Typed, at: number, translation: Translation): Error {
  return translation.error(at, `'${operator}' cannot be applied to ${printType(left.type)}, ${printType(right.type)}`);
}

/** Times and intervals; null for anything else. */
function calculateTime(operator: '+' | '-', left: Typed, right: Typed): Typed | null {
  if (isTime(left.type) && isTime(right.type) && operator === '-') {
    return { sql: `dateDiff('millisecond', ${right.sql}, ${left.sql})`, type: 'interval day to second' };
  }
  if (operator === '+' && isInterval(left.type) && isTime(right.type)) return calculateTime('+', right, left);
  if (!isTime(left.type)) return null;
  const amount = operator === '-' ? `-${right.sql}` : right.sql;
  if (right.type === 'interval year to month') return { sql: `addMonths(${left.sql}, ${amount})`, type: left.type };
  if (right.type !== 'interval day to second') return null;
  if (left.type === 'date') return { sql: `addDays(${left.sql}, intDiv(${amount}, 86400000))`, type: 'date' };
  return { sql: `addMilliseconds(${left.sql}, ${amount})`, type: left.type };
}

function isInterval(type: SqlType): boolean {
  return type === 'interval day to second' || type === 'interval year to month';
}

const INTERVAL_MS: Readonly<Partial<Record<IntervalUnit, number>>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

export function intervalOf(value: number, unit: IntervalUnit): Typed {
  const ms = INTERVAL_MS[unit];
  if (ms !== undefined) return { sql: numberSql(BigInt(value) * BigInt(ms)), type: 'interval day to second' };
  return { sql: numberSql(BigInt(unit === 'year' ? value * 12 : value)), type: 'interval year to month' };
}

/** Of text, or of arrays of one type. */
export function concatenate(left: Typed, right: Typed, at: number, translation: Translation): Typed {
  const type = commonType(left.type, right.type);
  const isArray = type !== null && typeof type !== 'string' && type.kind === 'array';
  const result: SqlType = isArray ? type : 'varchar';
  if (implicitCost(left.type, result) === null || implicitCost(right.type, result) === null) {
    throw inapplicable('||', left, right, at, translation);
  }
  const [a, b] = [coerce(left, result, translation).sql, coerce(right, result, translation).sql];
  return { sql: `${isArray ? 'arrayConcat' : 'concat'}(${a}, ${b})`, type: result };
}
