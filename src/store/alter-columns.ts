/** Changes of the table's hot columns: hot-column.ts. They change the table's description alone, and may be repeated. */
import { columnOf } from './hot-column.js';
import { quote } from './quote.js';
import type { Tables } from './tables.js';
import { addWordIndex } from './word-index.js';

export interface NewColumn {
  readonly key: string;
  /** Few values, again and again. */
  readonly isRepetitive: boolean;
  /** About how many different words its values have in the logs of a granule. */
  readonly words: number;
}

/** Statements to be run in this order. */
export function addColumns(columns: readonly NewColumn[], tables: Tables): readonly string[] {
  const added = columns.map(({ key, isRepetitive }) => {
    const type = isRepetitive ? 'LowCardinality(Nullable(String))' : 'Nullable(String)';
    const entry = `if(mapContainsKey(fields, ${quote(key)}), fields[${quote(key)}], NULL)`;
    return `ADD COLUMN IF NOT EXISTS ${columnOf(key)} ${type} DEFAULT ${entry} CODEC(ZSTD(1))`;
  });
  const indexes = columns.map(({ key, words }) => addWordIndex(key, words));
  const stored = alter(tables.stored, tables, [...added, ...indexes]);
  // On a cluster, the table that is asked has no rows of its own, and no indexes.
  return tables.stored === 'logs' ? [stored] : [stored, alter('logs', tables, added)];
}

/** `since` in Unix seconds of the store's clock, read after the columns were added. */
export function noteColumns(keys: readonly string[], since: number, tables: Tables): string {
  const notes = keys.map((key) => `COMMENT COLUMN ${columnOf(key)} ${quote(`since ${since}`)}`);
  return alter(tables.stored, tables, notes);
}

function alter(table: string, { everywhere }: Tables, changes: readonly string[]): string {
  return `ALTER TABLE ${table}${everywhere} ${changes.join(', ')}`;
}
