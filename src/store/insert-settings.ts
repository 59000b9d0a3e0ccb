/** How logs are inserted, from the spool or from another store. */
import type { ClickHouseSettings } from '@clickhouse/client';
import type { HotColumn } from './layout.js';
import { indexesLeftToMerges } from './word-index.js';

export const INSERT: ClickHouseSettings = {
  async_insert: 0,
  input_format_skip_unknown_fields: 1,
  max_partitions_per_insert_block: '0',
  // See rowsOf in segment-sql.ts.
  short_circuit_function_evaluation: 'force_enable',
  // The embedded engine would map segments into memory, and there a disk that cannot read ends it instead of the insert.
  storage_file_read_method: 'pread',
};

/**
 * A segment is one block: one part for each day in it, there as a whole or not at all. Only a segment whose few bytes become
 * very many rows is split, and then the same way every time.
 */
export const ONE_BLOCK: ClickHouseSettings = {
  max_insert_block_size: '4000000',
  min_insert_block_size_rows: '4000000',
  min_insert_block_size_bytes: '0',
  deduplicate_insert_select: 'enable_even_for_bad_queries',
};

/** Which indexes of the columns that an insert fills are made when parts are merged. */
export function leftToMerges(columns: readonly HotColumn[]): ClickHouseSettings {
  const keys = columns.flatMap(({ key, isRepetitive }) => (isRepetitive ? [key] : []));
  return { exclude_materialize_skip_indexes_on_insert: indexesLeftToMerges(keys) };
}
