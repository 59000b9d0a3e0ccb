/**
 * Deleting chosen rows of `logs` for good, so that no file of the table has them any more.
 *
 * Which rows are meant is noted first, by what names a row for ever, in a table of its own: a *list*. What is deleted is then
 * exactly what is on the list, although the layout changes and logs arrive meanwhile, every step can be repeated after a
 * crash, and nothing a user wrote stands in the list or in what the engine notes of its own work.
 *
 * Rows go by `ALTER TABLE … DELETE`, which writes the parts of a day anew without them. (`DELETE FROM` only hides rows; in old
 * parts, which are never merged again, they would lie for ever.) The engine keeps the parts of before for a while, and so does
 * this wait until they are gone from the disk.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOf } from './day-partition.js';
import { quote, quoteName } from './quote.js';
import type { QueryLimits, Statement } from './store.js';

/** Rows of a list on one UTC day. */
export interface ListedDay {
  /** `2026-11-22` */
  readonly day: string;
  readonly rows: number;
}

/** Part `part` of `parts` of what a list has of a day, in a logstore. */
export interface ListedPart {
  readonly logstoreId: number;
  readonly day: string;
  readonly part: number;
  readonly parts: number;
}

export interface ErasureOrders {
  ask<Row>(statement: Statement, signal: AbortSignal): Promise<Row[]>;
  /** With a limit on time it is `StoreRefused` when that is used up. */
  command(statement: Statement, signal: AbortSignal, limits?: QueryLimits): Promise<void>;
}

/** The engine holds the rows of one part of a list in memory: some 50 bytes each. */
export const LISTED_PART_ROWS_MAX = 1_000_000;

const LOOK_EVERY_MS = 200;

/** Names in answers about what lies around: more would help nobody. */
const NAMES_MAX = 100;

export class Erasure {
  readonly #orders: ErasureOrders;

  constructor(orders: ErasureOrders) {
    this.#orders = orders;
  }

  /**
   * Resolves when every insert of a segment that runs now has ended. What a process that died has left running would be
   * inserted behind our back.
   */
  async settleInserts(signal: AbortSignal): Promise<void> {
    const isInsert = `(startsWith(query_id, 'load ') OR startsWith(Settings['log_comment'], 'load '))`;
    const running = `SELECT query_id AS id FROM system.processes WHERE ${isInsert}`;
    const first = await this.#orders.ask<{ id: string }>({ sql: running, parameters: {} }, signal);
    const ids = first.map(({ id }) => id);
    await this.#until(signal, async () => {
      if (ids.length === 0) return true;
      const sql = `SELECT count() AS count FROM system.processes WHERE query_id IN {ids:Array(String)}`;
      return (await this.#count({ sql, parameters: { ids } }, signal)) === 0;
    });
  }

  /** An empty list; one of this name that was begun before is given up. */
  async beginList(list: string, signal: AbortSignal): Promise<void> {
    await this.dropList(list, signal);
    const sql = `CREATE TABLE ${tableOf(list)} (day Date, shard UInt16, seq UInt64, row UInt32)
ENGINE = ReplacingMergeTree ORDER BY (day, shard, seq, row)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;
    await this.#orders.command({ sql, parameters: {} }, signal);
  }

  /** Puts rows on the list; one that is there already stays there once. `selected` gives `day, shard, seq, row`. */
  async addToList(list: string, selected: Statement, limits: QueryLimits, signal: AbortSignal): Promise<void> {
    const { sql, parameters } = selected;
    await this.#orders.command({ sql: `INSERT INTO ${tableOf(list)} ${sql}`, parameters }, signal, limits);
  }

  /** What is on the list, day by day; null if there is no such list. */
  async listedDays(list: string, signal: AbortSignal): Promise<readonly ListedDay[] | null> {
    const isThere = `SELECT count() AS count FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`;
    if ((await this.#count({ sql: isThere, parameters: { table: nameOf(list) } }, signal)) === 0) return null;
    const sql = `SELECT toString(day) AS date, count() AS rows FROM ${tableOf(list)} FINAL GROUP BY day ORDER BY day`;
    const days = await this.#orders.ask<{ date: string; rows: string }>({ sql, parameters: {} }, signal);
    return days.map(({ date, rows }) => ({ day: date, rows: Number(rows) }));
  }

  async dropList(list: string, signal: AbortSignal): Promise<void> {
    // Without SYNC its files would be kept for eight minutes.
    await this.#orders.command({ sql: `DROP TABLE IF EXISTS ${tableOf(list)} SYNC`, parameters: {} }, signal);
  }

  /**
   * Deletes the rows, and resolves when every part of the day has been written without them. Repeating it does no harm.
   * `onTrouble` hears why the engine cannot do it now, such as a full disk; it goes on trying.
   */
  async eraseListed(
    list: string,
    listed: ListedPart,
    onTrouble: (reason: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { logstoreId: logstore, day, part, parts } = listed;
    const isListed = `logstore = {logstore:UInt64} AND (shard, seq, row) IN (
  SELECT shard, seq, row FROM ${tableOf(list)}
  WHERE day = {day:Date} AND cityHash64(shard, seq, row) % {parts:UInt64} = {part:UInt64})`;
    const parameters = { logstore, day, part, parts };
    const left = {
      sql: `SELECT count() AS count FROM logs WHERE toDate(time) = {day:Date} AND ${isListed}`,
      parameters,
    };
    // One of an earlier attempt goes on by itself when the store is back.
    await this.#mutated(list, onTrouble, signal);
    while ((await this.#count(left, signal)) > 0) {
      const sql = `ALTER TABLE logs DELETE IN PARTITION ID ${quote(partitionOf(day))} WHERE ${isListed}`;
      await this.#orders.command({ sql, parameters }, signal);
      await this.#mutated(list, onTrouble, signal);
    }
  }

  /** Resolves when the disk has no part of these days any more that is out of use now. */
  async dropOldParts(days: readonly string[], signal: AbortSignal): Promise<void> {
    // What an earlier run of the engine left behind, it reads in the background.
    await this.#orders.command({ sql: 'SYSTEM WAIT LOADING PARTS logs', parameters: {} }, signal);
    // A part whose files are being removed is not shown unless it is asked for by its state.
    const outOfUse = `FROM system.parts WHERE database = currentDatabase() AND table = 'logs'
  AND _state IN ('Outdated', 'Deleting', 'DeleteOnDestroy')`;
    const parameters = { days: days.map(partitionOf) };
    const sql = `SELECT name ${outOfUse} AND partition_id IN {days:Array(String)}`;
    const names = (await this.#orders.ask<{ name: string }>({ sql, parameters }, signal)).map(({ name }) => name);
    if (names.length === 0) return;
    await this.#orders.command(OLD_PARTS_GO, signal);
    await this.#until(signal, async () => {
      // An idle engine looks for them twice a minute; this wakes it up.
      await this.#orders.command({ sql: 'SYSTEM START CLEANUP logs', parameters: {} }, signal);
      const left = {
        sql: `SELECT count() AS count ${outOfUse} AND name IN {names:Array(String)}`,
        parameters: { names },
      };
      return (await this.#count(left, signal)) === 0;
    });
    await this.#orders.command(OLD_PARTS_STAY, signal);
  }

  /** Names of parts that the engine has put out of the table because they are broken, and keeps: nobody can look into them. */
  async detachedParts(signal: AbortSignal): Promise<readonly string[]> {
    const sql = `SELECT name FROM system.detached_parts
WHERE database = currentDatabase() AND table = 'logs' ORDER BY name LIMIT ${NAMES_MAX}`;
    return (await this.#orders.ask<{ name: string }>({ sql, parameters: {} }, signal)).map(({ name }) => name);
  }

  /** Resolves when no change of the table that names the list is under way. */
  async #mutated(list: string, onTrouble: (reason: string) => void, signal: AbortSignal): Promise<void> {
    const sql = `SELECT latest_fail_reason AS reason FROM system.mutations
WHERE database = currentDatabase() AND table = 'logs' AND NOT is_done AND position(command, {table:String}) > 0`;
    const parameters = { table: nameOf(list) };
    await this.#until(signal, async () => {
      const [unfinished] = await this.#orders.ask<{ reason: string }>({ sql, parameters }, signal);
      if (unfinished !== undefined && unfinished.reason !== '') onTrouble(unfinished.reason);
      return unfinished === undefined;
    });
  }

  async #until(signal: AbortSignal, isDone: () => Promise<boolean>): Promise<void> {
    while (!(await isDone())) await sleep(LOOK_EVERY_MS, undefined, { signal });
  }

  async #count(statement: Statement, signal: AbortSignal): Promise<number> {
    const [row] = await this.#orders.ask<{ count: string }>(statement, signal);
    return Number(row?.count ?? 0);
  }
}

const OLD_PARTS_GO: Statement = { sql: 'ALTER TABLE logs MODIFY SETTING old_parts_lifetime = 0', parameters: {} };
const OLD_PARTS_STAY: Statement = { sql: 'ALTER TABLE logs RESET SETTING old_parts_lifetime', parameters: {} };

/** `list` is an id of ours: letters and digits. */
function nameOf(list: string): string {
  return `doomed_${list}`;
}

function tableOf(list: string): string {
  return quoteName(nameOf(list));
}
