/**
 * The SQL that copies logs from one store's table to another's, and tells whether both have the same. The two tables may have
 * different columns for fields; what is compared does not depend on where a field lies.
 */
import { columnOf } from './hot-column.js';
import { quote } from './quote.js';
import type { Statement } from './store.js';

/** Logs of one logstore in a span of time. */
export interface Span {
  readonly logstoreId: number;
  /** Unix nanoseconds; `to` is no longer in it. */
  readonly from: bigint;
  readonly to: bigint;
}

/** What of a table is looked at, so that both sides look at the same while logs arrive and others end. */
export interface Frozen {
  /** By shard, the last sequence number that counts. */
  readonly lastSeqs: ReadonlyMap<number, number>;
  /** `2026-11-22`: logs whose retention ends on this day or before may be gone on either side. */
  readonly today: string;
}

/** The day on which the table's TTL lets a log go: schema/0001-logs.sql. */
const LIVES = `least(toDate32(time) + toIntervalDay(toUInt32(ttl) + 1), toDate32('2106-01-01')) > toDate32({today:String})`;

const HOUR = 'toInt64(floor(toUnixTimestamp64Second(time) / 3600)) * 3600';

/** Tells which logs they are, without reading what is in them. */
const NAMES = 'sum(cityHash64(shard, seq, row))';

const WITHIN = `logstore = {logstore:UInt64}
  AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`;

const COUNTED = `${WITHIN}
  AND seq <= transform(shard, {shards:Array(UInt16)}, {lastSeqs:Array(UInt64)}, toUInt64(0))
  AND ${LIVES}`;

/** Rows `{logstore, hour, logs, names}`, all as text: the Unix second at which the hour begins, how many logs it has, and which. */
export function hoursOf(today: string): Statement {
  return {
    sql: `SELECT logstore, ${HOUR} AS hour, count() AS logs, ${NAMES} AS names
FROM logs WHERE ${LIVES} GROUP BY logstore, hour ORDER BY logstore, hour`,
    parameters: { today },
  };
}

/** Rows `{logstore, shard, seq}`: the last sequence number of each shard. */
export const LAST_SEQS: Statement = {
  sql: 'SELECT logstore, shard, max(seq) AS seq FROM logs GROUP BY logstore, shard',
  parameters: {},
};

/**
 * Rows `{hour, logs, names, sum}`, the last the sum over the logs of a hash of everything that a log is. The retention is not part of it, as it is
 * set anew by the catalog.
 */
export function sumsOf(span: Span, frozen: Frozen, keys: readonly string[]): Statement {
  return {
    sql: `SELECT ${HOUR} AS hour, count() AS logs, ${NAMES} AS names, sum(${hashOf(keys)}) AS sum
FROM logs WHERE ${COUNTED} GROUP BY hour ORDER BY hour`,
    parameters: countedParameters(span, frozen),
  };
}

/** Rows `{part, logs}`: a span in parts of `width` nanoseconds, numbered from 0; empty ones are not named. */
export function partsOf(span: Span, frozen: Frozen, width: bigint): Statement {
  return {
    sql: `SELECT intDiv(toUnixTimestamp64Nano(time) - {from:Int64}, {width:Int64}) AS part, count() AS logs
FROM logs WHERE ${COUNTED} GROUP BY part ORDER BY part`,
    parameters: { ...countedParameters(span, frozen), width: String(width) },
  };
}

/** In RowBinary as `structureOf(to)` has it. `from` are the keys with columns in the table that is read, `to` in the other one. */
export function rowsOf(span: Span, frozen: Frozen, from: readonly string[], to: readonly string[]): Statement {
  // Without names, as one would stand for the column of the same name in what is selected beside it.
  const selected = [...PLAIN, restOf(from, to), ...to.map((key) => entryOf(key, from))];
  return {
    sql: `SELECT ${selected.join(', ')} FROM logs WHERE ${COUNTED}`,
    parameters: countedParameters(span, frozen),
  };
}

/** Of the rows that come as the body, those that the table does not have. `keys` are those with columns in it. */
export function insertAbsentRows(span: Span, keys: readonly string[]): Statement {
  return {
    sql: `INSERT INTO logs (${[...PLAIN, 'fields', ...keys.map(columnOf)].join(', ')})
SELECT * FROM input(${quote(structureOf(keys))})
WHERE (shard, seq, row) NOT IN (SELECT shard, seq, row FROM logs WHERE ${WITHIN})
FORMAT RowBinary`,
    parameters: spanParameters(span),
  };
}

/** For good, and not only hidden: what was deleted on the other side must not lie around here. */
export function deleteSpan(span: Span, table: string): Statement {
  return { sql: `ALTER TABLE ${table} DELETE WHERE ${WITHIN}`, parameters: spanParameters(span) };
}

const PLAIN = ['logstore', 'time', 'shard', 'seq', 'received', 'row', 'ttl', 'topic', 'source', 'tags'];

function structureOf(keys: readonly string[]): string {
  const plain = `logstore UInt64, time DateTime64(9, 'UTC'), shard UInt16, seq UInt64, received DateTime('UTC'), row UInt32,
  ttl UInt16, topic String, source String, tags Map(String, String), fields Map(String, String)`;
  return [plain, ...keys.map((key) => `${columnOf(key)} Nullable(String)`)].join(', ');
}

function entryOf(key: string, columns: readonly string[]): string {
  if (columns.includes(key)) return columnOf(key);
  return `if(mapContainsKey(fields, ${quote(key)}), fields[${quote(key)}], NULL)`;
}

/** What lies in no column on the other side: the map's own, and columns of this side alone. */
function restOf(from: readonly string[], to: readonly string[]): string {
  const rest = restOfMap([...new Set([...from, ...to])]);
  const alone = from.filter((key) => !to.includes(key));
  if (alone.length === 0) return rest;
  const [names, values] = [alone.map(quote).join(', '), alone.map(columnOf).join(', ')];
  const present = `arrayFilter((key, value) -> isNotNull(value), [${names}], [${values}])`;
  const texts = `arrayMap(value -> assumeNotNull(value), arrayFilter(value -> isNotNull(value), [${values}]))`;
  return `mapUpdate(CAST(${rest}, 'Map(String, String)'), mapFromArrays(${present}, ${texts}))`;
}

function restOfMap(keys: readonly string[]): string {
  if (keys.length === 0) return 'fields';
  return `mapFilter((key, value) -> key NOT IN (${keys.map(quote).join(', ')}), fields)`;
}

/** Fields and tags are added up, so that their order does not count. */
function hashOf(keys: readonly string[]): string {
  const ofMap = (map: string) =>
    `arraySum(arrayMap((key, value) -> cityHash64(key, value), mapKeys(${map}), mapValues(${map})))`;
  const ofColumns = keys.map((key) => {
    const column = columnOf(key);
    return `if(isNull(${column}), 0, cityHash64(${quote(key)}, assumeNotNull(${column})))`;
  });
  const fields = [ofMap(restOfMap(keys)), ...ofColumns].join(' + ');
  return `cityHash64(shard, seq, row, toUnixTimestamp64Nano(time), toUnixTimestamp(received), topic, source, ${ofMap('tags')}, ${fields})`;
}

function countedParameters(span: Span, { lastSeqs, today }: Frozen): Statement['parameters'] {
  return { ...spanParameters(span), shards: [...lastSeqs.keys()], lastSeqs: [...lastSeqs.values()], today };
}

function spanParameters({ logstoreId, from, to }: Span): Statement['parameters'] {
  return { logstore: logstoreId, from: String(from), to: String(to) };
}
