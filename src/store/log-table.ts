/**
 * The table `logs` as statements may name it. Topic, source and tags are columns of every table; where a field lies is the
 * table's own business, and statements ask for it here.
 */
import { columnOf } from './hot-column.js';
import type { Bind } from './parameters.js';
import { quote } from './quote.js';
import { columnMayHave, logMayHave } from './word-index.js';

/** One field as SQL. */
export interface FieldSql {
  /** A String: the field's value, empty where a log lacks the field. */
  readonly value: string;
  /** Whether a log has the field. */
  readonly isPresent: string;
}

export interface StoredField extends FieldSql {
  /** Both in one, a Nullable(String): NULL where a log lacks the field. What counts or sorts values is fastest with it. */
  readonly orNull: string;
  /**
   * A condition that every log meets in whose value `word` has nothing but its ends or ASCII punctuation, blanks and the
   * like on either side, whatever the case of letters. Said beside the exact condition, it spares most of the reading. Null,
   * or absent, where nothing would be spared.
   */
  readonly mayHave?: (word: string) => string | null;
}

export interface FieldColumn {
  readonly key: string;
  readonly sql: string;
}

export interface LogTable {
  /** What a statement selects to show a log; `LogRow` is what comes back. None of the names hides a column. */
  readonly logColumns: string;
  /** A String: keys and values of a log, its topic, source and tags included, with newlines between. */
  readonly everything: string;
  /** Two Array(String), in the same order: names and values of all fields of a log. */
  readonly fieldNames: string;
  readonly fieldValues: string;
  /** The fields of a log as they lie: columns, each a Nullable(String), and a Map(String, String) of all others. */
  readonly pieces: { readonly columns: readonly FieldColumn[]; readonly others: string };
  field(name: string, bind: Bind): StoredField;
  /** The same for a word in any key, value or label of a log, of those logs that meet the condition `within`. */
  mayHave(word: string, within: string, bind: Bind): string | null;
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

/** The table with these keys in columns of their own: see hot-column.ts. */
export function logTable(keys: readonly string[]): LogTable {
  const hot = new Set(keys);
  return {
    logColumns: [
      'toString(toUnixTimestamp64Second(time)) AS seconds',
      'topic',
      'source',
      'mapKeys(tags) AS tagNames',
      'mapValues(tags) AS tagValues',
      `${fieldNames(keys)} AS fieldNames`,
      `${fieldValues(keys)} AS fieldValues`,
    ].join(', '),
    everything: everything(keys),
    fieldNames: fieldNames(keys),
    fieldValues: fieldValues(keys),
    pieces: {
      columns: keys.map((key) => ({ key, sql: columnOf(key) })),
      others: keys.length === 0 ? 'fields' : rest(keys),
    },
    field: (name, bind) => (hot.has(name) ? columnField(name, bind) : mapField(bind(name))),
    mayHave: (word, within, bind) => (hot.size === 0 ? null : logMayHave(keys, word, within, bind)),
  };
}

/** Every field lies in the map `fields`. */
export const MAP_TABLE: LogTable = logTable([]);

function columnField(key: string, bind: Bind): StoredField {
  const column = columnOf(key);
  return {
    value: `ifNull(${column}, '')`,
    isPresent: `isNotNull(${column})`,
    orNull: column,
    mayHave: (word) => columnMayHave(key, word, bind),
  };
}

function mapField(placeholder: string): StoredField {
  const value = `fields[${placeholder}]`;
  const isPresent = `mapContainsKey(fields, ${placeholder})`;
  return { value, isPresent, orNull: `if(${isPresent}, ${value}, NULL)` };
}

function fieldNames(keys: readonly string[]): string {
  if (keys.length === 0) return 'mapKeys(fields)';
  const present = `arrayFilter((key, value) -> isNotNull(value), ${names(keys)}, ${columns(keys)})`;
  return `arrayConcat(${present}, mapKeys(${rest(keys)}))`;
}

function fieldValues(keys: readonly string[]): string {
  if (keys.length === 0) return 'mapValues(fields)';
  const present = `arrayMap(value -> assumeNotNull(value), arrayFilter(value -> isNotNull(value), ${columns(keys)}))`;
  return `arrayConcat(${present}, mapValues(${rest(keys)}))`;
}

/** What the columns do not have. Logs of before are in both. */
function rest(keys: readonly string[]): string {
  return `mapFilter((key, value) -> NOT has(${names(keys)}, key), fields)`;
}

function everything(keys: readonly string[]): string {
  const others =
    "arrayStringConcat(arrayConcat([topic, source], mapKeys(tags), mapValues(tags), mapKeys(fields), mapValues(fields)), '\\n')";
  const entries = keys.map((key) => `ifNull(concat(${quote(`\n${key}\n`)}, ${columnOf(key)}), '')`);
  return keys.length === 0 ? others : `concat(${[others, ...entries].join(', ')})`;
}

function names(keys: readonly string[]): string {
  return `[${keys.map(quote).join(', ')}]`;
}

function columns(keys: readonly string[]): string {
  return `[${keys.map(columnOf).join(', ')}]`;
}
