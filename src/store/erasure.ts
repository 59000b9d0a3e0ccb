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
 *
 * On a cluster each server deletes from what it has, so that the list is on all of them, and each is asked whether it is done. A
 * server that is away keeps everything waiting: nobody knows what it has.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOf } from './day-partition.js';
import { quote, quoteName } from './quote.js';
import type { QueryLimits, Statement } from './store.js';
import type { Tables } from './tables.js';

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
  readonly tables: Tables;
  /** What servers do in the background, or for each other, has no database of its own. */
  readonly database: string;
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
    // What a server does for another has an id of its own, and that of the first one beside it.
    const isInsert = `(startsWith(initial_query_id, 'load ') OR startsWith(Settings['log_comment'], 'load '))`;
    const processes = this.#orders.tables.system('processes');
    const running = `SELECT query_id AS id FROM ${processes} WHERE ${isInsert}`;
    const first = await this.#orders.ask<{ id: string }>({ sql: running, parameters: {} }, signal);
    const ids = first.map(({ id }) => id);
    await this.#until(signal, async () => {
      if (ids.length === 0) return true;
      const sql = `SELECT count() AS count FROM ${processes} WHERE query_id IN {ids:Array(String)}`;
      return (await this.#count({ sql, parameters: { ids } }, signal)) === 0;
    });
  }

  /** An empty list; one of this name that was begun before is given up. */
  async beginList(list: string, signal: AbortSignal): Promise<void> {
    await this.dropList(list, signal);
    // Rows of one name are alike: which of them stays makes no difference.
    const create = `CREATE TABLE ${this.#tableOf(list)} $everywhere (day Date, shard UInt16, seq UInt64, row UInt32)
ENGINE = $replacing(row) ORDER BY (day, shard, seq, row)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;
    for (const sql of this.#orders.tables.spell(create)) await this.#orders.command({ sql, parameters: {} }, signal);
  }

  /** Puts rows on the list; one that is there already stays there once. `selected` gives `day, shard, seq, row`. */
  async addToList(list: string, selected: Statement, limits: QueryLimits, signal: AbortSignal): Promise<void> {
    const { sql, parameters } = selected;
    const { tables } = this.#orders;
    await this.#orders.command({ sql: `INSERT INTO ${this.#tableOf(list)} ${sql}`, parameters }, signal, limits);
    if (tables.everywhere === '') return;
    const synced = `SYSTEM SYNC REPLICA${tables.everywhere} ${this.#tableOf(list)}`;
    await this.#orders.command({ sql: synced, parameters: {} }, signal);
  }

  /** What is on the list, day by day; null if there is no such list. */
  async listedDays(list: string, signal: AbortSignal): Promise<readonly ListedDay[] | null> {
    const { database } = this.#orders;
    const isThere = `SELECT count() AS count FROM system.tables WHERE database = {database:String} AND name = {table:String}`;
    if ((await this.#count({ sql: isThere, parameters: { database, table: nameOf(list) } }, signal)) === 0) return null;
    const sql = `SELECT toString(day) AS date, count() AS rows FROM ${this.#tableOf(list)} FINAL GROUP BY day ORDER BY day`;
    const days = await this.#orders.ask<{ date: string; rows: string }>({ sql, parameters: {} }, signal);
    return days.map(({ date, rows }) => ({ day: date, rows: Number(rows) }));
  }

  async dropList(list: string, signal: AbortSignal): Promise<void> {
    // Without SYNC its files would be kept for eight minutes.
    const sql = `DROP TABLE IF EXISTS ${this.#tableOf(list)}${this.#orders.tables.everywhere} SYNC`;
    await this.#orders.command({ sql, parameters: {} }, signal);
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
  SELECT shard, seq, row FROM ${this.#tableOf(list)}
  WHERE day = {day:Date} AND cityHash64(shard, seq, row) % {parts:UInt64} = {part:UInt64})`;
    const parameters = { logstore, day, part, parts };
    const left = {
      sql: `SELECT count() AS count FROM ${this.#orders.tables.copies} WHERE toDate(time) = {day:Date} AND ${isListed}`,
      parameters,
    };
    // One of an earlier attempt goes on by itself when the store is back.
    await this.#mutated(list, onTrouble, signal);
    while ((await this.#count(left, signal)) > 0) {
      const sql = `ALTER TABLE ${this.#stored}${this.#orders.tables.everywhere}
DELETE IN PARTITION ID ${quote(partitionOf(day))} WHERE ${isListed}`;
      await this.#orders.command({ sql, parameters }, signal);
      await this.#mutated(list, onTrouble, signal);
    }
  }

  /** Resolves when the disk has no part of these days any more that is out of use now. */
  async dropOldParts(days: readonly string[], signal: AbortSignal): Promise<void> {
    const { tables, database } = this.#orders;
    const { everywhere, stored } = tables;
    const command = (sql: string) => this.#orders.command({ sql, parameters: {} }, signal);
    // What an earlier run of the engine left behind, it reads in the background.
    await command(`SYSTEM WAIT LOADING PARTS${everywhere} ${this.#stored}`);
    // A part whose files are being removed is not shown unless it is asked for by its state.
    const isOutOfUse = `database = ${quote(database)} AND table = ${quote(stored)}
  AND _state IN ('Outdated', 'Deleting', 'DeleteOnDestroy')`;
    const outOfUse = tables.system('parts', `SELECT name, partition_id FROM system.parts WHERE ${isOutOfUse}`);
    const parameters = { days: days.map(partitionOf) };
    const sql = `SELECT DISTINCT name FROM ${outOfUse} WHERE partition_id IN {days:Array(String)}`;
    const names = (await this.#orders.ask<{ name: string }>({ sql, parameters }, signal)).map(({ name }) => name);
    if (names.length === 0) return;
    const setting = `ALTER TABLE ${this.#stored}${everywhere}`;
    await command(`${setting} MODIFY SETTING old_parts_lifetime = 0`);
    await this.#until(signal, async () => {
      // An idle engine looks for them twice a minute; this wakes it up.
      await command(`SYSTEM START CLEANUP${everywhere} ${this.#stored}`);
      const left = {
        sql: `SELECT count() AS count FROM ${outOfUse} WHERE name IN {names:Array(String)}`,
        parameters: { names },
      };
      return (await this.#count(left, signal)) === 0;
    });
    await command(`${setting} RESET SETTING old_parts_lifetime`);
  }

  /** Names of parts that the engine has put out of the table because they are broken, and keeps: nobody can look into them. */
  async detachedParts(signal: AbortSignal): Promise<readonly string[]> {
    const { tables, database } = this.#orders;
    const sql = `SELECT DISTINCT name FROM ${tables.system('detached_parts')}
WHERE database = {database:String} AND table = {table:String} ORDER BY name LIMIT ${NAMES_MAX}`;
    const parameters = { database, table: tables.stored };
    return (await this.#orders.ask<{ name: string }>({ sql, parameters }, signal)).map(({ name }) => name);
  }

  /** Resolves when no change of the table that names the list is under way. */
  async #mutated(list: string, onTrouble: (reason: string) => void, signal: AbortSignal): Promise<void> {
    const { tables, database } = this.#orders;
    const sql = `SELECT latest_fail_reason AS reason FROM ${tables.system('mutations')}
WHERE database = {database:String} AND table = {table:String} AND NOT is_done AND position(command, {list:String}) > 0
ORDER BY reason DESC LIMIT 1`;
    const parameters = { database, table: tables.stored, list: nameOf(list) };
    await this.#until(signal, async () => {
      const [unfinished] = await this.#orders.ask<{ reason: string }>({ sql, parameters }, signal);
      if (unfinished !== undefined && unfinished.reason !== '') onTrouble(unfinished.reason);
      return unfinished === undefined;
    });
  }

  /** What has the rows. */
  get #stored(): string {
    const { tables, database } = this.#orders;
    return `${quoteName(database)}.${tables.stored}`;
  }

  #tableOf(list: string): string {
    return `${quoteName(this.#orders.database)}.${quoteName(nameOf(list))}`;
  }

  async #until(signal: AbortSignal, isDone: () => Promise<boolean>): Promise<void> {
    while (!(await isDone())) await sleep(LOOK_EVERY_MS, undefined, { signal });
  }

  async #count(statement: Statement, signal: AbortSignal): Promise<number> {
    const [row] = await this.#orders.ask<{ count: string }>(statement, signal);
    return Number(row?.count ?? 0);
  }
}

/** `list` is an id of ours: letters and digits. */
function nameOf(list: string): string {
  return `doomed_${list}`;
}
