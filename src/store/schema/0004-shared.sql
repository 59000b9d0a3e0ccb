-- What the nodes of a cluster keep together: shared-rows.ts.
CREATE TABLE IF NOT EXISTS shared_rows $everywhere (kind LowCardinality(String), key String, version UInt64, text String)
ENGINE = $replacing(version) ORDER BY (kind, key)
SETTINGS
  fsync_after_insert = 1,
  fsync_part_directory = 1;
CREATE TABLE IF NOT EXISTS shared_leases $everywhere (token String, at DateTime64(3, 'UTC') DEFAULT now64(3), is_released UInt8 DEFAULT 0)
ENGINE = $replacing(is_released) ORDER BY token TTL toDateTime(at) + toIntervalHour(1)
SETTINGS
  fsync_after_insert = 1,
  fsync_part_directory = 1;
