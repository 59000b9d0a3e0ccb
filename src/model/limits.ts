/**
 * Fixed limits of the wire and of our files, each with its unit, its reason and its source. What an operator may change
 * is in config.ts; these are not.
 */

/** Logs of a tracked request, uncompressed, in bytes. PutWebtracking: 3 MB. */
export const BODY_RAW_BYTES_MAX = 3 * 1024 * 1024;

/** Slack on the wire over the raw limit: incompressible lz4 and zlib grow by less than this. */
export const BODY_WIRE_BYTES_MAX = BODY_RAW_BYTES_MAX + 64 * 1024;

/** Logs in one request. PutWebtracking: 4,096 entries. */
export const LOGS_PER_REQUEST_MAX = 4096;

/** Field key in bytes of UTF-8. SLS: 1 to 128. */
export const KEY_BYTES_MAX = 128;

/** Field value in bytes of UTF-8. SLS: 1 MB. */
export const VALUE_BYTES_MAX = 1024 * 1024;

/** Topic and source in bytes of UTF-8; longer ones are cut at a character boundary. SLS: 128. */
export const LABEL_BYTES_MAX = 128;

/**
 * Tags of a log group times its logs, in bytes: every row has the tags, and the store takes a group in at once. Real
 * tags are some hundred bytes. The store loads 32 MB of them within its smallest memory, and not 64.
 */
export const TAG_BYTES_OF_ALL_LOGS_MAX = 32 * 1024 * 1024;

/** Query string of the GET forms, in bytes. SLS: less than 16 KB. */
export const QUERY_BYTES_MAX = 16 * 1024;

/**
 * Fields in one log. SLS names no limit; real logs have tens. A cap keeps duplicate detection linear and a hostile
 * body cheap.
 */
export const FIELDS_PER_LOG_MAX = 10_000;

/** Nesting of JSON in a request body, counted from its top-level object. Real bodies nest a few levels. */
export const JSON_DEPTH_MAX = 64;
