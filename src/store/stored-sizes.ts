/**
 * What logs take in the store, by logstore and hour, and deleting the oldest of them.
 *
 * All logstores share one table, and its parts tell only what the logs of a day take together. What a logstore takes of that is
 * estimated: its logs are counted, and what one of them takes is the length of its text, compressed as the engine would, in a
 * sample of its fullest hour. That is its weight in what the days really take, so that the shares of a day add up to it. How far
 * off it is: docs/privacy.md.
 *
 * Logs are deleted by partition where all of a day go, which costs nothing, or else by `ALTER TABLE … DELETE`, which writes the
 * parts of the day anew without them. Either way the disk has them back some minutes later.
 */
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Connection } from './connection.js';
import { dayOf, partitionOf } from './day-partition.js';
import type { LogTable } from './log-table.js';
import { quote } from './quote.js';
import type { Statement } from './store.js';
import type { Tables } from './tables.js';

export interface StoredHour {
  readonly logstoreId: number;
  /** When it begins, in Unix seconds; hours of UTC. */
  readonly hour: number;
  readonly logs: number;
  /** On the disk, compressed, one copy of it; estimated. */
  readonly bytes: number;
}

/** Enough to tell what a log takes, few enough to be read for hundreds of logstores. */
const SAMPLED_LOGS = 1000;

/** Texts of many logs together would be too much for the memory. */
const A_FEW_LOGS: ClickHouseSettings = { max_threads: 1, max_block_size: '100' };

/** A log has its times and numbers as well, which compress to about so much. */
const NUMBERS_BYTES = 3;

/** Of tables of the system; other servers may have other current databases. */
const IS_OURS = 'database = {database:String} AND table = {table:String}';

const COUNTS: Statement = {
  sql: `SELECT logstore, toUnixTimestamp(toStartOfHour(time)) AS hour, count() AS logs
FROM logs GROUP BY logstore, hour ORDER BY hour, logstore`,
  parameters: {},
};

export class StoredSizes {
  readonly #connection: Connection;
  readonly #table: (signal: AbortSignal) => Promise<LogTable>;
  readonly #database: string;

  constructor(connection: Connection, table: (signal: AbortSignal) => Promise<LogTable>, database: string) {
    this.#connection = connection;
    this.#table = table;
    this.#database = database;
  }

  /** Of each UTC day (`2026-11-22`) what all its logs take, as the engine has it. */
  async days(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const sql = `SELECT toString(toDate(parseDateTimeBestEffort(partition_id))) AS day, sum(bytes_on_disk) AS bytes
FROM ${this.#tables.systemOnce('parts')} WHERE ${IS_OURS} AND active GROUP BY partition_id`;
    const days = await this.#ask<{ day: string; bytes: string }>({ sql, parameters: this.#place }, signal);
    return new Map(days.map(({ day, bytes }) => [day, Number(bytes)]));
  }

  /** The oldest first. */
  async hours(signal: AbortSignal): Promise<readonly StoredHour[]> {
    const counts = await this.#ask<{ logstore: string; hour: number; logs: string }>(COUNTS, signal);
    const hours = counts.map(({ logstore, hour, logs }) => ({
      logstoreId: Number(logstore),
      hour,
      logs: Number(logs),
    }));
    const dayBytes = await this.days(signal);
    const logBytes = await this.#logBytes(hours, signal);
    const weightOf = ({ logstoreId, logs }: (typeof hours)[number]) => logs * (logBytes.get(logstoreId) ?? 0);
    const dayWeights = new Map<string, number>();
    for (const one of hours) {
      const day = dayOf(one.hour);
      dayWeights.set(day, (dayWeights.get(day) ?? 0) + weightOf(one));
    }
    return hours.map((one) => {
      const day = dayOf(one.hour);
      const bytes = ((dayBytes.get(day) ?? 0) * weightOf(one)) / (dayWeights.get(day) ?? 1);
      return { ...one, bytes };
    });
  }

  /** Whether some change of the table is still being made: what it deletes is counted until then. */
  async isChanging(signal: AbortSignal): Promise<boolean> {
    const mutations = this.#tables.system('mutations');
    const sql = `SELECT count() AS count FROM ${mutations} WHERE ${IS_OURS} AND NOT is_done`;
    const [row] = await this.#ask<{ count: string }>({ sql, parameters: this.#place }, signal);
    return row?.count !== '0';
  }

  /** Deletes all logs of a UTC day. */
  async dropDay(day: string, signal: AbortSignal): Promise<void> {
    const sql = `ALTER TABLE ${this.#stored} DROP PARTITION ID ${quote(partitionOf(day))}`;
    await this.#change({ sql, parameters: {} }, signal);
  }

  /** Deletes the logs of a UTC day from before a moment in Unix seconds: those of one logstore or, if it is null, of all. */
  async deleteBefore(day: string, before: number, logstoreId: number | null, signal: AbortSignal): Promise<void> {
    const isMeant = logstoreId === null ? '' : ' AND logstore = {logstore:UInt64}';
    const sql = `ALTER TABLE ${this.#stored} DELETE IN PARTITION ID ${quote(partitionOf(day))}
WHERE time < fromUnixTimestamp64Second({before:Int64}, 'UTC')${isMeant}`;
    const parameters = { before, ...(logstoreId === null ? {} : { logstore: logstoreId }) };
    await this.#change({ sql, parameters }, signal);
  }

  get #stored(): string {
    const { stored, everywhere } = this.#tables;
    return stored + everywhere;
  }

  get #tables(): Tables {
    return this.#connection.opening.tables;
  }

  get #place() {
    return { database: this.#database, table: this.#tables.stored };
  }

  #ask<Row>(statement: Statement, signal: AbortSignal): Promise<Row[]> {
    return this.#connection.rows<Row>(statement, { signal });
  }

  /** Resolves when it is noted; it is done in the background. */
  #change(statement: Statement, signal: AbortSignal): Promise<void> {
    return this.#connection.command(statement, { signal, settings: { mutations_sync: '0' } });
  }

  /** By logstore, what a log of it takes. */
  async #logBytes(
    hours: readonly Omit<StoredHour, 'bytes'>[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, number>> {
    const fullest = new Map<number, Omit<StoredHour, 'bytes'>>();
    for (const one of hours) {
      if (one.logs > (fullest.get(one.logstoreId)?.logs ?? 0)) fullest.set(one.logstoreId, one);
    }
    const logBytes = new Map<number, number>();
    const { everything } = await this.#table(signal);
    // Servers from before 2025 cannot tell: there a log weighs what its text has.
    const ratio = this.#connection.knowsFunction('estimateCompressionRatio')
      ? "estimateCompressionRatio('ZSTD')(text)"
      : '1';
    const sql = `SELECT avg(length(text)) / greatest(${ratio}, 1) AS bytes FROM (
  SELECT ${everything} AS text FROM logs
  WHERE logstore = {logstore:UInt64} AND time >= fromUnixTimestamp64Second({hour:Int64}, 'UTC')
    AND time < fromUnixTimestamp64Second({hour:Int64} + 3600, 'UTC')
  LIMIT ${SAMPLED_LOGS})`;
    for (const [logstoreId, { hour }] of fullest) {
      const parameters = { logstore: logstoreId, hour };
      const [row] = await this.#connection.rows<{ bytes: number }>(
        { sql, parameters },
        { signal, settings: A_FEW_LOGS },
      );
      logBytes.set(logstoreId, NUMBERS_BYTES + (row?.bytes ?? 0));
    }
    return logBytes;
  }
}
