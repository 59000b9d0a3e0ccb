-- What consumers of a shard need. They read by (shard, seq), and the table is sorted by time: but log groups are numbered as
-- they are received, which is nearly the order of time, so that the least and greatest number of every granule leave few
-- granules to read. Cursors are found by when a group was received, which is not the time of logs that bring their own.
--
-- Rows of before have no `received`; where logs had no times of their own, it was the same.
ALTER TABLE $tables $everywhere ADD COLUMN IF NOT EXISTS received DateTime('UTC') DEFAULT toDateTime(time, 'UTC') CODEC(Delta(4), ZSTD(1)) AFTER seq;
ALTER TABLE $stored $everywhere ADD INDEX IF NOT EXISTS seqs seq TYPE minmax GRANULARITY 1;
