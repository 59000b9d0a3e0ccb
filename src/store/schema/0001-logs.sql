-- One table for the logs of all logstores: three hundred tables cost fourteen times the CPU of one insert.
--
-- A row is a log. (logstore, shard, seq, row) names it for ever: shard and seq are the log group's, row is the log's place
-- within its group, from 1. `time` is the log's own or, if it brings none, when its group was received.
--
-- Retention counts whole UTC days, so that a day's logs of one logstore end together and their part is dropped rather than
-- written again; a log lives up to a day longer than its ttl. A moment of retention is kept in 32 bits: beyond 2106 it
-- would wrap round to the past and delete logs at once, hence least().
--
-- Level-0 parts keep maps as they come, since most of them live for seconds; merges sort the keys into buckets, so that
-- asking for one field need not read all of them. Vertical merges take a fifth less CPU for rows that are one big map.
--
-- Of the windows for tokens, each kind of table heeds its own. On a cluster the tokens of all nodes share one, and it has to
-- outlast any outage between an insert and its repetition.
CREATE TABLE IF NOT EXISTS $stored $everywhere (
  logstore UInt64,
  time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  shard UInt16,
  seq UInt64 CODEC(Delta(8), ZSTD(1)),
  row UInt32,
  ttl UInt16,
  topic LowCardinality(String),
  source String CODEC(ZSTD(3)),
  tags Map(LowCardinality(String), String) CODEC(ZSTD(3)),
  fields Map(LowCardinality(String), String) CODEC(ZSTD(3))
)
ENGINE = $engine
PARTITION BY toDate(time)
ORDER BY (logstore, time)
TTL toDateTime(least(toDate32(time) + toIntervalDay(toUInt32(ttl) + 1), toDate32('2106-01-01')), 'UTC')
SETTINGS
  non_replicated_deduplication_window = 10000,
  replicated_deduplication_window = 100000,
  replicated_deduplication_window_seconds = 2592000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1,
  merge_with_ttl_timeout = 3600,
  vertical_merge_algorithm_min_columns_to_activate = 1,
  vertical_merge_algorithm_min_rows_to_activate = 1,
  map_serialization_version = 'with_buckets',
  map_serialization_version_for_zero_level_parts = 'basic',
  map_buckets_min_avg_size = 1;

CREATE TABLE IF NOT EXISTS logs $everywhere $distributed;
