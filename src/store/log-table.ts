/**
 * The table `logs` as statements may name it. Topic, source and tags are columns of every table; where a field lies is the
 * table's own business, and statements ask for it here.
 */
import type { Bind } from './parameters.js';

/** One field as SQL. */
export interface FieldSql {
  /** A String: the field's value, empty where a log lacks the field. */
  readonly value: string;
  /** Whether a log has the field. */
  readonly isPresent: string;
}

export interface LogTable {
  /** What a statement selects to show a log; `LogRow` is what comes back. None of the names hides a column. */
  readonly logColumns: string;
  /** A String: keys and values of a log, its topic, source and tags included, with newlines between. */
  readonly everything: string;
  /** Two Array(String), in the same order: names and values of all fields of a log. */
  readonly fieldNames: string;
  readonly fieldValues: string;
  field(name: string, bind: Bind): FieldSql;
}

/**
 * A log as it comes back. Keys and values come apart, because an object would sort keys such as `7` to the front; fields
 * are in the order the store keeps them.
 */
export interface LogRow {
  /** Unix seconds. */
  readonly seconds: string;
  readonly topic: string;
  readonly source: string;
  readonly tagNames: readonly string[];
  readonly tagValues: readonly string[];
  readonly fieldNames: readonly string[];
  readonly fieldValues: readonly string[];
}

/** Every field lies in the map `fields`. */
export const MAP_TABLE: LogTable = {
  logColumns: [
    'toString(toUnixTimestamp64Second(time)) AS seconds',
    'topic',
    'source',
    'mapKeys(tags) AS tagNames',
    'mapValues(tags) AS tagValues',
    'mapKeys(fields) AS fieldNames',
    'mapValues(fields) AS fieldValues',
  ].join(', '),
  everything:
    "arrayStringConcat(arrayConcat([topic, source], mapKeys(tags), mapValues(tags), mapKeys(fields), mapValues(fields)), '\\n')",
  fieldNames: 'mapKeys(fields)',
  fieldValues: 'mapValues(fields)',
  field(name, bind) {
    const placeholder = bind(name);
    return { value: `fields[${placeholder}]`, isPresent: `mapContainsKey(fields, ${placeholder})` };
  },
};
