/** A value of one type as a value of another. What cannot be converted becomes NULL, where Presto would fail the query. */
import { wholeSql } from './rounding.js';
import type { Translation, Typed } from './translation.js';
import { implicitCost, isNumeric, isTime, type ScalarType, type SqlType, sameType } from './types.js';

/** Null where no value of the one type can be one of the other, not even by CAST. */
export function castSql(sql: string, from: SqlType, to: SqlType, translation: Translation): string | null {
  if (sameType(from, to) || from === 'unknown') return sql;
  if (to === 'json') return typeof from === 'string' ? jsonSql(sql, from) : `toJSONString(${sql})`;
  if (typeof from === 'string' && typeof to === 'string') return castScalar(sql, from, to, translation);
  if (from === 'json' && typeof to !== 'string') return `JSONExtract(ifNull(${sql}, ''), '${engineType(to)}')`;
  if (typeof from === 'string' || typeof to === 'string') return null;
  if (from.kind === 'array' && to.kind === 'array') {
    const item = translation.name('x');
    const inner = castSql(item, from.item, to.item, translation);
    return inner && `arrayMap(${item} -> ${inner}, ${sql})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const [key, value] = [translation.name('k'), translation.name('v')];
    const newKey = castSql(key, from.key, to.key, translation);
    const newValue = castSql(value, from.value, to.value, translation);
    if (newKey === null || newValue === null) return null;
    return `mapFromArrays(arrayMap(${key} -> assumeNotNull(${newKey}), mapKeys(${sql})), arrayMap(${value} -> ${newValue}, mapValues(${sql})))`;
  }
  return null;
}

/** `typed` where a value of the type `to` is wanted and nobody asked for a CAST. Its type has to allow it. */
export function coerce(typed: Typed, to: SqlType, translation: Translation): Typed {
  if (sameType(typed.type, to)) return typed;
  // Text where JSON is wanted is read as JSON; only CAST makes a JSON string of it.
  if (typed.type === 'varchar' && to === 'json') return { ...typed, type: to };
  const sql = castSql(typed.sql, typed.type, to, translation);
  if (sql === null) throw new Error(`no cast for a cost of ${implicitCost(typed.type, to)}`);
  return { ...typed, sql, type: to };
}

function castScalar(sql: string, from: ScalarType, to: ScalarType, { zone }: Translation): string | null {
  switch (to) {
    case 'varchar':
      return textSql(sql, from);
    case 'bigint':
      if (from === 'varchar' || from === 'json') return `toInt64OrNull(${sql})`;
      if (from === 'boolean') return `toInt64(${sql})`;
      if (from === 'double') return `accurateCastOrNull(${wholeSql(sql)}, 'Int64')`;
      return null;
    case 'double':
      if (from === 'varchar' || from === 'json') return finiteSql(`toFloat64OrNull(${sql})`);
      return from === 'bigint' || from === 'boolean' ? `toFloat64(${sql})` : null;
    case 'boolean':
      if (from === 'varchar' || from === 'json') {
        return `multiIf(lower(${sql}) IN ('true', 't', '1'), true, lower(${sql}) IN ('false', 'f', '0'), false, NULL)`;
      }
      return isNumeric(from) ? `(${sql} != 0)` : null;
    case 'timestamp':
    case 'timestamp with time zone':
      if (isTime(from)) return from === 'date' ? `toDateTime64(${sql}, 3, ${zone})` : sql;
      if (from === 'bigint' || from === 'double') return secondsSql(sql, zone);
      return from === 'varchar' ? `parseDateTime64BestEffortOrNull(${sql}, 3, ${zone})` : null;
    case 'date':
      if (from === 'varchar') return `toDate32OrNull(${sql})`;
      return isTime(from) ? `toDate32(${sql})` : null;
    default:
      return null;
  }
}

/** One text such as NaN or inf among the logs would spoil every sum. */
function finiteSql(number: string): string {
  return `if(isFinite(${number}), ${number}, NULL)`;
}

/** Seconds, fractions allowed, as a time in a zone. */
export function secondsSql(sql: string, zone: string): string {
  return `fromUnixTimestamp64Milli(accurateCastOrNull(round(${sql} * 1000), 'Int64'), ${zone})`;
}

function textSql(sql: string, from: ScalarType): string | null {
  switch (from) {
    case 'json':
      return sql;
    case 'double':
      // As Presto prints it: a whole number has a fraction, too.
      return `if(abs(${sql}) < 1e15 AND ${sql} = trunc(${sql}), concat(toString(toInt64(${sql})), '.0'), toString(${sql}))`;
    case 'boolean':
      return `if(${sql}, 'true', 'false')`;
    case 'timestamp with time zone':
      return `concat(toString(${sql}), ' ', timezoneOf(${sql}))`;
    case 'interval day to second':
    case 'interval year to month':
    case 'unknown':
      return null;
    default:
      return `toString(${sql})`;
  }
}

/** Text as JSON is a JSON string; it is JSON_PARSE that reads JSON. */
function jsonSql(sql: string, from: ScalarType): string {
  return isNumeric(from) ? `toString(${sql})` : `toJSONString(${sql})`;
}

/** The engine's name of a type that can be read out of JSON. */
function engineType(type: SqlType): string {
  if (type === 'bigint') return 'Nullable(Int64)';
  if (type === 'double') return 'Nullable(Float64)';
  if (type === 'boolean') return 'Nullable(Bool)';
  if (typeof type === 'string') return 'Nullable(String)';
  if (type.kind === 'array') return `Array(${engineType(type.item)})`;
  return `Map(String, ${engineType(type.value)})`;
}
