/** How the engine is kept within its memory: left alone it takes nine tenths of the machine and caches by the gigabyte. */

const MIB = 1024 * 1024;

/**
 * Node, the engine's code and what it holds at rest are some 260 MiB; the rest is slack, since the engine checks its limit as
 * it allocates by the megabyte and gives freed memory back late. Measured while loading and merging: bench/load.ts.
 */
const UNCOUNTED_BYTES = 350 * MIB;

/** Less than this and not even a small segment can be inserted. */
const COUNTED_BYTES_MIN = 128 * MIB;

/** A query of ours takes some tens of megabytes a thread; a statement that takes more is stopped by its own limit. */
const FREE_BYTES_PER_THREAD = 64 * MIB;

/** Command line arguments that keep the process near `memoryBytesMax` of resident memory. */
export function engineArguments(memoryBytesMax: number): readonly string[] {
  const counted = Math.max(memoryBytesMax - UNCOUNTED_BYTES, COUNTED_BYTES_MIN);
  const cache = Math.floor(counted / 40);
  return Object.entries({
    max_server_memory_usage: counted,
    // No single statement may take what inserts and merges need.
    max_memory_usage: Math.floor(counted * 0.7),
    mark_cache_size: cache,
    index_mark_cache_size: cache,
    primary_index_cache_size: cache,
    query_condition_cache_size: cache,
    compiled_expression_cache_size: cache,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    vector_similarity_index_cache_size: 0,
    iceberg_metadata_files_cache_size: 0,
    background_pool_size: 2,
    // By default a statement has a thread for each GiB that is free, which never is: it would have one, whatever the machine.
    max_threads_min_free_memory_per_thread: FREE_BYTES_PER_THREAD,
    // Inserts are batches already, and asynchronous ones have no deduplication worth the name.
    async_insert: 0,
    // Parameters are part of a statement here, and a value may have a megabyte.
    max_query_size: 16 * MIB,
  }).map(([name, value]) => `--${name}=${value}`);
}
