/** Changes of the table's hot columns: hot-column.ts. They change the table's description alone, and may be repeated. */
import { columnOf } from './hot-column.js';
import { quote } from './quote.js';
import { addWordIndex } from './word-index.js';

export interface NewColumn {
  readonly key: string;
  /** Few values, again and again. */
  readonly isRepetitive: boolean;
  /** About how many different words its values have in the logs of a granule. */
  readonly words: number;
}

export function addColumns(columns: readonly NewColumn[]): string {
  const parts = columns.flatMap(({ key, isRepetitive, words }) => {
    const type = isRepetitive ? 'LowCardinality(Nullable(String))' : 'Nullable(String)';
    const entry = `if(mapContainsKey(fields, ${quote(key)}), fields[${quote(key)}], NULL)`;
    const column = `${columnOf(key)} ${type} DEFAULT ${entry} CODEC(ZSTD(1))`;
    return [`ADD COLUMN IF NOT EXISTS ${column}`, addWordIndex(key, words)];
  });
  return `ALTER TABLE logs ${parts.join(', ')}`;
}

/** `since` in Unix seconds of the store's clock, read after the columns were added. */
export function noteColumns(keys: readonly string[], since: number): string {
  return `ALTER TABLE logs ${keys.map((key) => `COMMENT COLUMN ${columnOf(key)} ${quote(`since ${since}`)}`).join(', ')}`;
}
