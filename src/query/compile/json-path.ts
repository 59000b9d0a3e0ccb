/**
 * Paths into fields that hold JSON, such as `info.usedTime`. A path ends at a leaf: a text, a number or a boolean, as text.
 * Objects, arrays and null are none, and what is not JSON has no leaves. A key that has a dot itself cannot be reached.
 */
import type { FieldSql } from '../../store/log-table.js';
import type { Bind } from '../../store/parameters.js';

/** Keys of a path. Each path of the search costs an expression of this length. */
const PATH_KEYS_MAX = 20;

/** A name with dots, taken as a field and a path into it. */
export interface PathSplit {
  readonly field: string;
  readonly keys: readonly string[];
}

/** All ways to take it so, the shortest field first; none for a name without dots, or with an empty part. */
export function splitPath(name: string): PathSplit[] {
  const parts = name.split('.');
  if (parts.includes('') || parts.length > PATH_KEYS_MAX) return [];
  return parts.slice(1).map((_, i) => ({ field: parts.slice(0, i + 1).join('.'), keys: parts.slice(i + 1) }));
}

export function jsonLeaf(field: FieldSql, keys: readonly string[], bind: Bind): FieldSql {
  const place = [field.value, ...keys.map((key) => bind(key))].join(', ');
  const isPresent = `(JSONType(${place}) IN ('String', 'Int64', 'UInt64', 'Double', 'Bool'))`;
  return { value: `if(${isPresent}, JSONExtractString(${place}), '')`, isPresent };
}
