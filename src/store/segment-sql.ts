/** The SQL that moves a spool segment into `logs` and counts what has arrived. The segment: docs/spool-format.md */
import { columnOf } from './hot-column.js';
import { quote } from './quote.js';
import type { SegmentLoad, Statement } from './store.js';

/** Where an insert finds the segment: the embedded engine reads its file, a server is sent it. */
export type SegmentSource = 'file' | 'body';

/** A star or a brace in the path would make ClickHouse look for many files. There is no way to escape them. */
const GLOB = /[*?{}]/;

/**
 * What a line may hold. Plain types: reading straight into LowCardinality doubles the cost of the whole insert. Other keys are
 * skipped; a segment's head has no `__logs__`, and gives no rows.
 */
const LINE = `t Int64, id UInt64, seq UInt64, ttl UInt16, ip String, meta UInt8, tagged UInt8, times Array(Int64),
  __logs__ Array(Map(String, String)), __topic__ String, __source__ String, __tags__ Map(String, String)`;

/**
 * Tags of a single log come as fields named `__tag__:name`. The `if`s cost nothing where `tagged` is 0, provided that ClickHouse
 * is told to evaluate only the branch it needs: it takes maps for too cheap to bother.
 */
function rowsOf(keys: readonly string[], source: SegmentSource): string {
  const lines = source === 'file' ? `file({path:String}, 'JSONEachRow', '${LINE}')` : `input('${LINE}')`;
  return `SELECT
  id AS logstore,
  fromUnixTimestamp64Nano(log_time, 'UTC') AS time,
  {shard:UInt16} AS shard,
  seq,
  received,
  row,
  ttl,
  __topic__ AS topic,
  if(__source__ = '', ip, __source__) AS source,
  if(tagged = 1, mapUpdate(group_tags, mapApply((k, v) -> (substring(k, 9), v), mapFilter((k, v) -> startsWith(k, '__tag__:'), log))), group_tags) AS tags,
  ${restOf(keys)} AS fields${keys.map((key) => `,\n  ${entryOf(key)} AS ${columnOf(key)}`).join('')}
FROM (
  SELECT *, if(meta = 1, mapUpdate(__tags__, map('__client_ip__', ip, '__receive_time__', toString(intDiv(t, 1000000000)))), __tags__) AS group_tags,
    toDateTime(intDiv(t, 1000000000), 'UTC') AS received,
    if(empty(times), arrayWithConstant(length(__logs__), t), times) AS log_times
  FROM ${lines}
  WHERE id NOT IN {dead:Array(UInt64)}
)
ARRAY JOIN __logs__ AS log, arrayEnumerate(__logs__) AS row, log_times AS log_time`;
}

const COLUMNS = ['logstore', 'time', 'shard', 'seq', 'received', 'row', 'ttl', 'topic', 'source', 'tags', 'fields'];

/** What a log has beside its tags and the columns of `keys`. */
function restOf(keys: readonly string[]): string {
  const untagged = `if(tagged = 1, mapFilter((k, v) -> NOT startsWith(k, '__tag__:'), log), log)`;
  return keys.length === 0 ? untagged : `mapFilter((k, v) -> k NOT IN (${keys.map(quote).join(', ')}), ${untagged})`;
}

function entryOf(key: string): string {
  return `if(mapContainsKey(log, ${quote(key)}), log[${quote(key)}], NULL)`;
}

function insertInto(keys: readonly string[]): string {
  return `INSERT INTO logs (${[...COLUMNS, ...keys.map(columnOf)].join(', ')})`;
}

/** Which rows of `logs` can be of this segment. Sequence numbers are never given twice, so these are no others. */
const OF_SEGMENT = `shard = {shard:UInt16}
  AND logstore IN {logstores:Array(UInt64)}
  AND time >= fromUnixTimestamp64Milli({firstMs:Int64}, 'UTC')
  AND time < fromUnixTimestamp64Milli({lastMs:Int64} + 1, 'UTC')
  AND seq >= transform(logstore, {logstores:Array(UInt64)}, {firstSeqs:Array(UInt64)}, toUInt64(0))
  AND seq <= transform(logstore, {logstores:Array(UInt64)}, {lastSeqs:Array(UInt64)}, toUInt64(0))`;

/** `keys` go into columns of their own, which must have settled: see hot-column.ts. */
export function insertAll(load: SegmentLoad, keys: readonly string[], source: SegmentSource): Statement {
  return {
    sql: `${insertInto(keys)} ${rowsOf(keys, source)}${formatOf(source)}`,
    parameters: sourceParameters(load, source),
  };
}

export function insertAbsent(load: SegmentLoad, keys: readonly string[], source: SegmentSource): Statement {
  return {
    sql: `${insertInto(keys)} SELECT * FROM (${rowsOf(keys, source)})
WHERE (logstore, seq, row) NOT IN (SELECT logstore, seq, row FROM logs WHERE ${OF_SEGMENT})${formatOf(source)}`,
    parameters: { ...sourceParameters(load, source), ...rangeParameters(load) },
  };
}

/** Of a body; a file's is said with the file. */
function formatOf(source: SegmentSource): string {
  return source === 'file' ? '' : '\nFORMAT JSONEachRow';
}

/** Rows `{logstore, rows}`, both as text. */
export function countRows(load: SegmentLoad): Statement {
  return {
    sql: `SELECT logstore, count() AS rows FROM logs WHERE ${OF_SEGMENT} GROUP BY logstore`,
    parameters: { shard: load.segment.shard, ...rangeParameters(load) },
  };
}

function sourceParameters({ segment, deadLogstores }: SegmentLoad, source: SegmentSource): Statement['parameters'] {
  const parameters = { shard: segment.shard, dead: deadLogstores };
  if (source === 'body') return parameters;
  if (GLOB.test(segment.path)) throw new Error(`The store cannot read a path with any of * ? { }: ${segment.path}`);
  return { ...parameters, path: segment.path };
}

function rangeParameters({ contents }: SegmentLoad): Statement['parameters'] {
  const ranges = [...contents.logstores.values()];
  return {
    logstores: [...contents.logstores.keys()],
    firstSeqs: ranges.map((range) => range.firstSeq),
    lastSeqs: ranges.map((range) => range.lastSeq),
    firstMs: contents.firstLogMs,
    lastMs: contents.lastLogMs,
  };
}
