/**
 * Brings the store's schema up to date: the numbered files of schema/, in order, each once.
 *
 * ClickHouse has neither transactions nor locks for this, and several workers start at once, of several nodes. So every
 * statement of a file must be one that may be repeated (`CREATE TABLE IF NOT EXISTS`, `ALTER TABLE … ADD COLUMN IF NOT EXISTS`),
 * and what a released file does is never changed. Statements end with a semicolon at the end of a line; tables.ts has the
 * words in them that begin with a dollar.
 */
import * as fs from 'node:fs/promises';
import type { ClickHouseSettings } from '@clickhouse/client';
import { z } from 'zod';
import type { Log } from '../platform/diagnostics.js';
import { type Abilities, knownSettings, withKnownSettings } from './abilities.js';
import type { Clients } from './connect.js';
import type { Tables } from './tables.js';

const SCHEMA = new URL('./schema/', import.meta.url);
const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;

const MIGRATIONS = `CREATE TABLE IF NOT EXISTS migrations $everywhere (number UInt32, name String, applied_at DateTime64(3, 'UTC'))
ENGINE = $shared ORDER BY number
SETTINGS
  fsync_after_insert = 1,
  fsync_part_directory = 1`;

/** A server of a cluster that is away gets its orders when it is back: it keeps no other waiting for longer than this. */
const CLUSTER: ClickHouseSettings = {
  distributed_ddl_task_timeout: '60',
  distributed_ddl_output_mode: 'null_status_on_timeout',
};

export interface Migration {
  readonly clients: Clients;
  readonly database: string;
  readonly tables: Tables;
  /** Undefined for the embedded engine. */
  readonly abilities: Abilities | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export async function migrate({ clients, database, tables, abilities, log, signal }: Migration): Promise<void> {
  const clickhouse_settings = tables.everywhere === '' ? {} : knownSettings(CLUSTER, abilities);
  const command = (query: string, query_params = {}, by = clients.client) =>
    by.command({ query, query_params, clickhouse_settings, abort_signal: signal });
  const read = async (query: string, query_params = {}, by = clients.client): Promise<unknown> =>
    (await by.query({ query, query_params, format: 'JSONEachRow', abort_signal: signal })).json();

  // Whoever was given a database may not be allowed to make one.
  const isThere = async (query: string) => FOUND.parse(await read(query, { database }, clients.bootstrap))[0].count > 0;
  if (!(await isThere(DATABASE))) {
    const query = `CREATE DATABASE IF NOT EXISTS {database:Identifier}${tables.everywhere} ENGINE = Atomic`;
    await command(query, { database }, clients.bootstrap);
  }
  if (!(await isThere(TABLE))) {
    for (const query of tables.spell(withKnownSettings(MIGRATIONS, abilities))) await command(query);
  }
  const applied = new Set(NUMBERS.parse(await read('SELECT number FROM migrations')).map((row) => row.number));
  for (const file of (await fs.readdir(SCHEMA)).sort()) {
    const number = Number(FILE.exec(file)?.[1]);
    if (Number.isNaN(number) || applied.has(number)) continue;
    for (const statement of statements(await fs.readFile(new URL(file, SCHEMA), 'utf8'))) {
      for (const query of tables.spell(withKnownSettings(statement, abilities))) await command(query);
    }
    await command('INSERT INTO migrations VALUES ({number:UInt32}, {file:String}, now64(3))', { number, file });
    log.info({ file, database }, 'the store has a new schema');
  }
}

const DATABASE = 'SELECT toUInt32(count()) AS count FROM system.databases WHERE name = {database:String}';
const TABLE = `SELECT toUInt32(count()) AS count FROM system.tables
WHERE database = {database:String} AND name = 'migrations'`;
const FOUND = z.tuple([z.object({ count: z.number() })]);
const NUMBERS = z.array(z.object({ number: z.number() }));

function statements(sql: string): string[] {
  return sql.split(/;[ \t]*$/m).filter((statement) => statement.trim() !== '');
}
