/** Segments of the spool become rows: docs/decisions/0002-load-once.md tells what each step is for. */
import { randomUUID } from 'node:crypto';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Asked, Connection } from './connection.js';
import { INSERT, leftToMerges, ONE_BLOCK } from './insert-settings.js';
import type { Layout } from './layout.js';
import { countRows, insertAbsent, insertAll } from './segment-sql.js';
import { sendBody } from './send-body.js';
import { settleInserts } from './settle-inserts.js';
import type { SegmentLoad, Statement, Store } from './store.js';

/**
 * For a segment of which one block is too much: tags are stored with every log of their group, so that few bytes of a group can
 * become very many. Read line by line, written as soon as there is something to write.
 */
const SMALL_BLOCKS: ClickHouseSettings = {
  max_threads: 1,
  input_format_parallel_parsing: 0,
  input_format_max_block_size_bytes: '32768',
  min_insert_block_size_rows: '200000',
  min_insert_block_size_bytes: String(32 * 1024 * 1024),
  // Without a token ClickHouse would take a block that equals an earlier one for its repetition.
  insert_deduplicate: 0,
};

export function segmentLoading(
  connection: Connection,
  layout: Layout,
  database: string,
): Pick<Store, 'insertSegment' | 'insertMissing' | 'countSegment' | 'settleSegment'> {
  const { source } = connection.opening;
  return {
    async insertSegment(load, signal) {
      const { keys, left } = await insertLayout(layout, signal);
      const settings = { ...INSERT, ...ONE_BLOCK, ...left, insert_deduplication_token: load.segment.token };
      await insert(connection, insertAll(load, keys, source), load, { settings, signal });
    },

    async insertMissing(load, signal) {
      const { keys, left } = await insertLayout(layout, signal);
      const settings = { ...INSERT, ...SMALL_BLOCKS, ...left };
      await insert(connection, insertAbsent(load, keys, source), load, { settings, signal, limitsAre: 'final' });
    },

    async countSegment(load, signal) {
      const rows = await connection.rows<{ logstore: string; rows: string }>(countRows(load), { signal });
      return new Map(rows.map((row) => [Number(row.logstore), Number(row.rows)]));
    },

    settleSegment: (token, signal) => settleInserts(connection, database, insertIdPrefix(token), signal),
  };
}

/** Keys that an insert puts into columns, and settings for which indexes it leaves to merges. */
async function insertLayout(
  layout: Layout,
  signal: AbortSignal,
): Promise<{ keys: readonly string[]; left: ClickHouseSettings }> {
  const columns = await layout.settledColumns(signal);
  return { keys: columns.map(({ key }) => key), left: leftToMerges(columns) };
}

/** Is not repeated at another server: what has become of it at the first one is for the loader to find out. */
async function insert(
  connection: Connection,
  statement: Statement,
  { segment }: SegmentLoad,
  asked: Asked,
): Promise<void> {
  const { insertSettings, source } = connection.opening;
  await connection.ask(
    asked,
    async ({ client }, abort_signal) => {
      const given = {
        query: statement.sql,
        query_params: statement.parameters,
        clickhouse_settings: connection.known({ ...asked.settings, ...insertSettings }),
        query_id: insertIdPrefix(segment.token) + randomUUID(),
        abort_signal,
      };
      if (source === 'file') await client.command(given);
      else {
        await sendBody(segment.path, async (values) => {
          // Nothing comes back but the end, which is the confirmation.
          for await (const _ of (await client.exec({ ...given, values })).stream);
        });
      }
    },
    'once',
  );
}

/** Begins the query ids of all inserts of a segment. */
function insertIdPrefix(token: string): string {
  return `load ${token} `;
}
