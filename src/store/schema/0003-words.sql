-- Bloom filters of the words in every granule, for what all tables have: see word-index.ts. Hot columns bring their own.
ALTER TABLE $stored $everywhere ADD INDEX IF NOT EXISTS words_topic lowerUTF8(topic) TYPE tokenbf_v1(256, 6, 0) GRANULARITY 1;
ALTER TABLE $stored $everywhere ADD INDEX IF NOT EXISTS words_source lowerUTF8(source) TYPE tokenbf_v1(1024, 6, 0) GRANULARITY 1;
ALTER TABLE $stored $everywhere ADD INDEX IF NOT EXISTS words_tags lowerUTF8(arrayStringConcat(arrayConcat(mapKeys(tags), mapValues(tags)), '\n')) TYPE tokenbf_v1(2048, 6, 0) GRANULARITY 1;
ALTER TABLE $stored $everywhere ADD INDEX IF NOT EXISTS words_fields lowerUTF8(arrayStringConcat(arrayConcat(mapKeys(fields), mapValues(fields)), '\n')) TYPE tokenbf_v1(16384, 6, 0) GRANULARITY 1;
