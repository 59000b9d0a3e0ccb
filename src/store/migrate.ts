/**
 * Brings the store's schema up to date: the numbered files of schema/, in order, each once.
 *
 * ClickHouse has neither transactions nor locks for this, and several workers start at once. So every statement of a file must
 * be one that may be repeated (`CREATE TABLE IF NOT EXISTS`, `ALTER TABLE … ADD COLUMN IF NOT EXISTS`), and a file that was
 * released is never changed. Statements end with a semicolon at the end of a line.
 */
import * as fs from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import type { Log } from '../platform/diagnostics.js';

const SCHEMA = new URL('./schema/', import.meta.url);
const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;

export interface Migration {
  /** Uses no database, since the one wanted may not be there yet. */
  readonly bootstrap: ClickHouseClient;
  /** Uses `database`. */
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export async function migrate({ bootstrap, client, database, log, signal }: Migration): Promise<void> {
  const command = (query: string, query_params = {}, by = client) =>
    by.command({ query, query_params, abort_signal: signal });

  await command('CREATE DATABASE IF NOT EXISTS {database:Identifier} ENGINE = Atomic', { database }, bootstrap);
  await command(`CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, applied_at DateTime64(3, 'UTC'))
ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`);
  const applied = await appliedNumbers(client, signal);
  for (const file of (await fs.readdir(SCHEMA)).sort()) {
    const number = Number(FILE.exec(file)?.[1]);
    if (Number.isNaN(number) || applied.has(number)) continue;
    for (const query of statements(await fs.readFile(new URL(file, SCHEMA), 'utf8'))) await command(query);
    await command('INSERT INTO migrations VALUES ({number:UInt32}, {file:String}, now64(3))', { number, file });
    log.info({ file, database }, 'the store has a new schema');
  }
}

async function appliedNumbers(client: ClickHouseClient, signal: AbortSignal): Promise<ReadonlySet<number>> {
  const query = 'SELECT number FROM migrations';
  const result = await client.query({ query, format: 'JSONEachRow', abort_signal: signal });
  const rows = z.array(z.object({ number: z.number() })).parse(await result.json());
  return new Set(rows.map((row) => row.number));
}

function statements(sql: string): string[] {
  return sql.split(/;[ \t]*$/m).filter((statement) => statement.trim() !== '');
}
