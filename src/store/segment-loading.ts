/** Segments of the spool become rows: docs/decisions/0002-load-once.md tells what each step is for. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Asked, Connection } from './connection.js';
import type { Layout } from './layout.js';
import { quoteName } from './quote.js';
import { countRows, insertAbsent, insertAll } from './segment-sql.js';
import { sendBody } from './send-body.js';
import type { SegmentLoad, Statement, Store } from './store.js';
import { indexesLeftToMerges } from './word-index.js';

const SETTLE_EVERY_MS = 50;

const INSERT: ClickHouseSettings = {
  async_insert: 0,
  input_format_skip_unknown_fields: 1,
  max_partitions_per_insert_block: '0',
  // See rowsOf in segment-sql.ts.
  short_circuit_function_evaluation: 'force_enable',
  // The embedded engine would map segments into memory, and there a disk that cannot read ends it instead of the insert.
  storage_file_read_method: 'pread',
};

/**
 * A segment is one block: one part for each day in it, there as a whole or not at all. Only a segment whose few bytes become
 * very many rows is split, and then the same way every time.
 */
const ONE_BLOCK: ClickHouseSettings = {
  max_insert_block_size: '4000000',
  min_insert_block_size_rows: '4000000',
  min_insert_block_size_bytes: '0',
  deduplicate_insert_select: 'enable_even_for_bad_queries',
};

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
  const { tables, source } = connection.opening;
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

    async settleSegment(token, signal) {
      // A server takes our id as the query's own. The embedded engine cannot, and its front keeps it in the comment.
      const running = `startsWith(query_id, {id:String}) OR startsWith(Settings['log_comment'], {id:String})`;
      const parameters = { id: insertIdPrefix(token) };
      for (;;) {
        const kill = `KILL QUERY${tables.everywhere} WHERE ${running} ASYNC`;
        await connection.command({ sql: kill, parameters }, { signal });
        const sql = `SELECT count() AS count FROM ${tables.system('processes')} WHERE ${running}`;
        const [row] = await connection.rows<{ count: string }>({ sql, parameters }, { signal });
        if (row?.count === '0') break;
        await sleep(SETTLE_EVERY_MS, undefined, { signal });
      }
      // A replica that is behind would be missed rows that are there.
      const sql = `SYSTEM SYNC REPLICA${tables.everywhere} ${quoteName(database)}.${tables.stored}`;
      if (connection.isCluster) await connection.command({ sql, parameters: {} }, { signal });
    },
  };
}

/** Keys that an insert puts into columns, and settings for which indexes it leaves to merges. */
async function insertLayout(
  layout: Layout,
  signal: AbortSignal,
): Promise<{ keys: readonly string[]; left: ClickHouseSettings }> {
  const columns = await layout.settledColumns(signal);
  const exclude_materialize_skip_indexes_on_insert = indexesLeftToMerges(
    columns.flatMap(({ key, isRepetitive }) => (isRepetitive ? [key] : [])),
  );
  return { keys: columns.map(({ key }) => key), left: { exclude_materialize_skip_indexes_on_insert } };
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
