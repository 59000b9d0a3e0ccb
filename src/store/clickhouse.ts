/** The store over ClickHouse's HTTP interface: the embedded child and a server are asked the same. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseSettings, ResponseHeaders } from '@clickhouse/client';
import type { SharedKind, SharedRows } from '../model/shared-rows.js';
import { type Deadline, openDeadline } from '../platform/deadline.js';
import type { Log } from '../platform/diagnostics.js';
import { type Abilities, knownSettings, readAbilities } from './abilities.js';
import { adaptLayout, type LayoutChange } from './adapt-layout.js';
import { binaryRows } from './binary-rows.js';
import type { Clients } from './connect.js';
import { Erasure } from './erasure.js';
import { SETTLE_SECONDS } from './hot-column.js';
import { Layout } from './layout.js';
import { type LogTable, logTable } from './log-table.js';
import { migrate } from './migrate.js';
import { type Opening, type ServerPlace, type SocketPlace, serverOpening, socketOpening } from './opening.js';
import { quoteName } from './quote.js';
import { RUN_MARKS, readRunMark } from './run-mark.js';
import { countRows, insertAbsent, insertAll } from './segment-sql.js';
import { sendBody } from './send-body.js';
import { type Repeatable, Servers } from './servers.js';
import { openSharedRows, type TableAccess } from './shared-rows.js';
import {
  ANSWER_BYTES_MAX,
  type Answer,
  type BinaryRows,
  type QueryLimits,
  type SegmentLoad,
  type ServerHealth,
  type Statement,
  type Store,
  StoreUnavailable,
} from './store.js';
import { type LimitsAre, storeError } from './store-error.js';
import { indexesLeftToMerges } from './word-index.js';

export type StoreOptions = (SocketPlace | { readonly server: ServerPlace }) & {
  readonly log: Log;
  readonly database?: string;
  /** How long anything but a query may take. A store that hangs is killed by the supervisor long before. */
  readonly answerMsMax?: number;
  /** The same for a ping. */
  readonly pingMsMax?: number;
  /** How long columns that were read are gone by, and until new ones have settled: see hot-column.ts. */
  readonly layoutMsMax?: number;
  readonly settleSeconds?: number;
};

const DEFAULTS = {
  database: 'logboom',
  answerMsMax: 5 * 60_000,
  pingMsMax: 5000,
  layoutMsMax: 10_000,
  settleSeconds: SETTLE_SECONDS,
};

/** What a query may take beyond its own limit, which the engine enforces: waiting for its turn, and stopping. */
const QUERY_GRACE_MS = 10_000;

const SETTLE_EVERY_MS = 50;

/** Text from ClickHouse, so that 64-bit numbers keep all their digits. */
const OUTPUT: ClickHouseSettings = { output_format_json_quote_64bit_integers: 1 };

/** Nothing but pages and a footer: indexes and filters would have to be found and moved by whoever puts files together. */
const PARQUET: ClickHouseSettings = {
  output_format_parquet_write_page_index: 0,
  output_format_parquet_write_bloom_filter: 0,
};

/** Of rows that go out as they come: as little CPU as possible, and no more of them in memory than needed at a time. */
const ON_ONE_THREAD: ClickHouseSettings = { max_threads: 1, max_block_size: '2000' };

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

/** Never waits and never fails: the schema is brought up to date by the first call that finds the store there. */
export function openStore(options: StoreOptions): Store {
  return new ClickHouseStore(options);
}

interface Asked {
  readonly signal?: AbortSignal;
  /** `answerMsMax` if absent. */
  readonly msMax?: number;
  readonly settings?: ClickHouseSettings;
  /** The query's id; unique. */
  readonly id?: string;
  readonly limitsAre?: LimitsAre;
}

class ClickHouseStore implements Store {
  readonly #options: StoreOptions & typeof DEFAULTS;
  readonly #opening: Opening;
  readonly #servers: Servers;
  readonly #layout: Layout;
  /** Of a server, as soon as it is known. */
  #abilities: Abilities | undefined;
  readonly erasure: Erasure | null;
  #isMigrated = false;
  /** Under way. */
  #migration: Promise<void> | undefined;

  constructor(options: StoreOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const { layoutMsMax: ageMsMax, settleSeconds, database, pingMsMax, log } = this.#options;
    this.#opening = 'socket' in options ? socketOpening(options, database) : serverOpening(options.server, database);
    this.#servers = new Servers({ ...this.#opening.servers, pingMsMax, log });
    this.#layout = new Layout({
      ageMsMax,
      settleSeconds,
      ask: (statement, signal) => this.#rows(statement, { signal }),
      tables: this.#opening.tables,
    });
    this.erasure = this.#opening.isEmbedded ? this.#openErasure() : null;
  }

  get remembersTokens(): boolean {
    return this.#isCluster;
  }

  servers(): readonly ServerHealth[] {
    return this.#servers.health();
  }

  async ping(): Promise<void> {
    const cause = await this.#servers.ping();
    if (cause !== null) throw new StoreUnavailable('The store does not answer.', { cause });
  }

  async generation(signal: AbortSignal): Promise<string> {
    if (this.#isCluster) return REPLICATED;
    return this.#ask({ signal, msMax: this.#options.pingMsMax }, async ({ client }, abort_signal) => {
      if (!this.#opening.isEmbedded) return readRunMark(client, abort_signal);
      const result = await client.query({ query: 'SELECT 1', format: 'JSONEachRow', abort_signal });
      await result.text();
      return generationOf(result.response_headers);
    });
  }

  async insertSegment(load: SegmentLoad, signal: AbortSignal): Promise<void> {
    const { keys, left } = await this.#insertLayout(signal);
    const settings = { ...INSERT, ...ONE_BLOCK, ...left, insert_deduplication_token: load.segment.token };
    await this.#insert(insertAll(load, keys, this.#opening.source), load, { settings, signal });
  }

  async insertMissing(load: SegmentLoad, signal: AbortSignal): Promise<void> {
    const { keys, left } = await this.#insertLayout(signal);
    const settings = { ...INSERT, ...SMALL_BLOCKS, ...left };
    const statement = insertAbsent(load, keys, this.#opening.source);
    await this.#insert(statement, load, { settings, signal, limitsAre: 'final' });
  }

  async countSegment(load: SegmentLoad, signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#rows<{ logstore: string; rows: string }>(countRows(load), { signal });
    return new Map(rows.map((row) => [Number(row.logstore), Number(row.rows)]));
  }

  async settleSegment(token: string, signal: AbortSignal): Promise<void> {
    // A server takes our id as the query's own. The embedded engine cannot, and its front keeps it in the comment.
    const { tables } = this.#opening;
    const running = `startsWith(query_id, {id:String}) OR startsWith(Settings['log_comment'], {id:String})`;
    const parameters = { id: insertIdPrefix(token) };
    for (;;) {
      await this.#command({ sql: `KILL QUERY${tables.everywhere} WHERE ${running} ASYNC`, parameters }, { signal });
      const sql = `SELECT count() AS count FROM ${tables.system('processes')} WHERE ${running}`;
      const [row] = await this.#rows<{ count: string }>({ sql, parameters }, { signal });
      if (row?.count === '0') break;
      await sleep(SETTLE_EVERY_MS, undefined, { signal });
    }
    // A replica that is behind would be missed rows that are there.
    const stored = `${quoteName(this.#options.database)}.${tables.stored}`;
    const sql = `SYSTEM SYNC REPLICA${tables.everywhere} ${stored}`;
    if (this.#isCluster) await this.#command({ sql, parameters: {} }, { signal });
  }

  async table(signal: AbortSignal): Promise<LogTable> {
    return logTable((await this.#layout.columns(signal)).map(({ key }) => key));
  }

  async adaptLayout(declaredKeys: readonly string[], signal: AbortSignal): Promise<LayoutChange> {
    const change = await adaptLayout(
      {
        ask: (statement) => this.#rows(statement, { signal }),
        command: (sql) => this.#command({ sql, parameters: {} }, { signal }),
        tables: this.#opening.tables,
      },
      declaredKeys,
    );
    this.#layout.forget();
    return change;
  }

  async *query<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal): AsyncGenerator<Row, void> {
    const ending = this.#queryEnd(limits, signal);
    try {
      const result = await this.#askAsUser(statement, limits, ending.signal, ({ client }, asked) =>
        client.query({ ...asked, format: 'JSONEachRow' }),
      );
      // The client looks at the signal only until the first byte. Closing the connection ends the query in the engine.
      const close = (): void => result.close();
      ending.signal.addEventListener('abort', close);
      try {
        for await (const rows of result.stream<Row>()) for (const row of rows) yield row.json();
      } finally {
        ending.signal.removeEventListener('abort', close);
        close();
      }
    } catch (error) {
      signal.throwIfAborted();
      throw storeError(error, 'final');
    } finally {
      ending.close();
    }
  }

  async ask<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal): Promise<Answer<Row>> {
    const ending = this.#queryEnd(limits, signal);
    try {
      const answer = await this.#askAsUser(statement, limits, ending.signal, async ({ client }, asked) => {
        const result = await client.query({
          ...asked,
          clickhouse_settings: { ...asked.clickhouse_settings, max_result_bytes: String(ANSWER_BYTES_MAX) },
          format: 'JSON',
        });
        return result.json<Row>();
      });
      const { meta = [], data, statistics } = answer;
      const { elapsed = 0, rows_read = 0, bytes_read = 0 } = statistics ?? {};
      return {
        columns: meta,
        rows: data,
        figures: { rowsRead: rows_read, bytesRead: bytes_read, elapsedMs: elapsed * 1000 },
      };
    } catch (error) {
      signal.throwIfAborted();
      throw storeError(error, 'final');
    } finally {
      ending.close();
    }
  }

  async parquet(
    statement: Statement,
    compression: 'none' | 'gzip' | 'zstd',
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const ending = this.#queryEnd(limits, signal);
    try {
      return await this.#askAsUser(statement, limits, ending.signal, async ({ client }, asked) => {
        const { stream } = await client.exec({
          ...asked,
          query: `${statement.sql}\nFORMAT Parquet`,
          clickhouse_settings: {
            ...asked.clickhouse_settings,
            ...this.#known(PARQUET),
            max_result_bytes: String(ANSWER_BYTES_MAX),
            output_format_parquet_compression_method: compression,
          },
        });
        return Buffer.concat(await stream.toArray());
      });
    } catch (error) {
      signal.throwIfAborted();
      throw storeError(error, 'final');
    } finally {
      ending.close();
    }
  }

  async queryBinary(statement: Statement, limits: QueryLimits, signal: AbortSignal): Promise<BinaryRows> {
    const ending = this.#queryEnd(limits, signal);
    const explain = (error: unknown): never => {
      signal.throwIfAborted();
      throw storeError(error, 'final');
    };
    try {
      const { stream, response_headers } = await this.#askAsUser(
        statement,
        limits,
        ending.signal,
        ({ client }, asked) =>
          client.exec({
            ...asked,
            query: `${statement.sql} FORMAT RowBinary`,
            clickhouse_settings: { ...asked.clickhouse_settings, ...ON_ONE_THREAD },
          }),
      );
      const bytes = binaryRows(stream, response_headers, ending, explain);
      // A server that is restarted behind this does not end the answer.
      const generation = this.#opening.isEmbedded
        ? generationOf(response_headers)
        : await this.generation(signal).catch((error: unknown) => {
            stream.destroy();
            throw error;
          });
      return { generation, bytes };
    } catch (error) {
      ending.close();
      return explain(error);
    }
  }

  sharedRows(kind: SharedKind): SharedRows {
    const access: TableAccess = {
      ask: (statement, signal) => this.#rows(statement, { signal, settings: this.#opening.sharedReads }),
      insert: (table, values, signal) =>
        this.#ask(
          { signal },
          async ({ client }, abort_signal) => {
            const clickhouse_settings = this.#known({ async_insert: 0, ...this.#opening.sharedWrites });
            await client.insert({ table, values, format: 'JSONEachRow', clickhouse_settings, abort_signal });
          },
          'once',
        ),
    };
    return openSharedRows(access, kind);
  }

  async ttls(): Promise<ReadonlyMap<number, readonly number[]>> {
    const sql = 'SELECT logstore, groupUniqArray(ttl) AS days FROM logs GROUP BY logstore';
    const rows = await this.#rows<{ logstore: string; days: number[] }>({ sql, parameters: {} }, {});
    return new Map(rows.map((row) => [Number(row.logstore), row.days]));
  }

  async setTtl(logstoreId: number, ttlDays: number): Promise<void> {
    const { stored, everywhere } = this.#opening.tables;
    const sql = `ALTER TABLE ${stored}${everywhere} UPDATE ttl = {days:UInt16}
WHERE logstore = {logstore:UInt64} AND ttl != {days:UInt16}`;
    await this.#command(
      { sql, parameters: { logstore: logstoreId, days: ttlDays } },
      { settings: { mutations_sync: '0' } },
    );
  }

  async deleteLogstore(logstoreId: number): Promise<void> {
    const { stored, everywhere } = this.#opening.tables;
    const sql = `DELETE FROM ${stored}${everywhere} WHERE logstore = {logstore:UInt64}`;
    await this.#command({ sql, parameters: { logstore: logstoreId } }, { settings: { lightweight_deletes_sync: '0' } });
  }

  async close(): Promise<void> {
    await this.#servers.close();
  }

  #openErasure(): Erasure {
    return new Erasure({
      ask: (statement, signal) => this.#rows(statement, { signal }),
      command: (statement, signal, limits) =>
        this.#command(statement, {
          signal,
          // A change of the table is made in the background; whoever asked for it looks when it is done.
          settings: { mutations_sync: '0', ...(limits === undefined ? {} : limitsOf(limits)) },
          ...(limits === undefined ? {} : { limitsAre: 'final', msMax: limits.timeMsMax + QUERY_GRACE_MS }),
        }),
    });
  }

  get #isCluster(): boolean {
    return this.#opening.tables.everywhere !== '';
  }

  /** Keys that an insert puts into columns, and settings for which indexes it leaves to merges. */
  async #insertLayout(signal: AbortSignal): Promise<{ keys: readonly string[]; left: ClickHouseSettings }> {
    const columns = await this.#layout.settledColumns(signal);
    const exclude_materialize_skip_indexes_on_insert = indexesLeftToMerges(
      columns.flatMap(({ key, isRepetitive }) => (isRepetitive ? [key] : [])),
    );
    return { keys: columns.map(({ key }) => key), left: { exclude_materialize_skip_indexes_on_insert } };
  }

  /** Is not repeated at another server: what has become of it at the first one is for the loader to find out. */
  async #insert(statement: Statement, { segment }: SegmentLoad, asked: Asked): Promise<void> {
    await this.#ask(
      asked,
      async ({ client }, abort_signal) => {
        const insert = {
          query: statement.sql,
          query_params: statement.parameters,
          clickhouse_settings: this.#known({ ...asked.settings, ...this.#opening.insertSettings }),
          query_id: insertId(segment.token),
          abort_signal,
        };
        if (this.#opening.source === 'file') await client.command(insert);
        else {
          await sendBody(segment.path, async (values) => {
            // Nothing comes back but the end, which is the confirmation.
            for await (const _ of (await client.exec({ ...insert, values })).stream);
          });
        }
      },
      'once',
    );
  }

  async #command(statement: Statement, asked: Asked): Promise<void> {
    await this.#ask(asked, async ({ client }, abort_signal) => {
      await client.command({
        query: statement.sql,
        query_params: statement.parameters,
        clickhouse_settings: asked.settings ?? {},
        query_id: asked.id ?? randomUUID(),
        abort_signal,
      });
    });
  }

  async #rows<Row>(statement: Statement, asked: Asked): Promise<Row[]> {
    return this.#ask(asked, async ({ client }, abort_signal) => {
      const result = await client.query({
        query: statement.sql,
        query_params: statement.parameters,
        clickhouse_settings: this.#known({ ...OUTPUT, ...this.#opening.querySettings, ...asked.settings }),
        format: 'JSONEachRow',
        abort_signal,
      });
      return result.json<Row>();
    });
  }

  /** Asks with the patience for anything that is not a user's query, and makes what fails a store's error. */
  async #ask<T>(
    { signal, msMax, limitsAre }: Asked,
    ask: (clients: Clients, signal: AbortSignal) => Promise<T>,
    repeatable: Repeatable = 'repeatable',
  ): Promise<T> {
    const ending = openDeadline(msMax ?? this.#options.answerMsMax, signal);
    try {
      await this.#prepare(ending.signal);
      // The client does not look at a signal that is aborted already.
      ending.signal.throwIfAborted();
      return await this.#servers.ask(ask, repeatable, ending.signal);
    } catch (error) {
      throw storeError(error, limitsAre ?? 'temporary');
    } finally {
      ending.close();
    }
  }

  /** Asks the statement of somebody who may read and nothing else, and only so much. */
  async #askAsUser<T>(
    statement: Statement,
    limits: QueryLimits,
    signal: AbortSignal,
    ask: (clients: Clients, asked: UserStatement) => Promise<T>,
  ): Promise<T> {
    await this.#prepare(signal);
    // The client does not look at a signal that is aborted already.
    signal.throwIfAborted();
    const asked = {
      query: statement.sql,
      query_params: statement.parameters,
      clickhouse_settings: this.#known({ ...userSettings(limits), ...this.#opening.querySettings }),
    };
    return this.#servers.ask((clients, abort_signal) => ask(clients, { ...asked, abort_signal }), 'repeatable', signal);
  }

  #known(settings: ClickHouseSettings): ClickHouseSettings {
    return knownSettings(settings, this.#abilities);
  }

  #queryEnd(limits: QueryLimits, signal: AbortSignal): Deadline {
    return openDeadline(limits.timeMsMax + QUERY_GRACE_MS, signal);
  }

  /** Callers that come together wait for the same migration, each as long as its signal lets it. */
  async #prepare(signal: AbortSignal): Promise<void> {
    if (this.#isMigrated) return;
    this.#migration ??= this.#migrate().finally(() => {
      this.#migration = undefined;
    });
    const migration = this.#migration;
    await new Promise<void>((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave);
      migration.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Other processes may do the same at the same time: see migrate.ts. */
  async #migrate(): Promise<void> {
    const { database, log, answerMsMax } = this.#options;
    const { tables, isEmbedded } = this.#opening;
    const ending = openDeadline(answerMsMax);
    const work = async (clients: Clients, signal: AbortSignal): Promise<void> => {
      const abilities = isEmbedded ? undefined : await readAbilities(clients.bootstrap, signal);
      await migrate({ clients, database, tables, abilities, log, signal });
      if (!isEmbedded && !this.#isCluster) await clients.client.command({ query: RUN_MARKS, abort_signal: signal });
      this.#abilities = abilities;
    };
    try {
      await this.#servers.ask(work, 'repeatable', ending.signal);
      this.#isMigrated = true;
    } finally {
      ending.close();
    }
  }
}

/** Of a cluster: what it has confirmed is on several servers, and a restart of one forgets nothing. */
const REPLICATED = 'replicated';

function generationOf(headers: ResponseHeaders): string {
  return String(headers['x-clickhouse-server-display-name']);
}

/** How the engine goes about a query. */
const PLANNING: ClickHouseSettings = {
  // With alternatives of some shapes it would leave out rows that match: ClickHouse issue 119528.
  use_skip_indexes_for_disjunctions: 0,
  // Looked at while reading, filters spare less than before it.
  use_skip_indexes_on_data_read: 0,
  // Read ahead, the newest logs cost as much as all of them.
  read_in_order_use_buffering: 0,
};

interface UserStatement {
  readonly query: string;
  readonly query_params: Record<string, unknown>;
  readonly abort_signal: AbortSignal;
  readonly clickhouse_settings: ClickHouseSettings;
}

function userSettings(limits: QueryLimits): ClickHouseSettings {
  return {
    ...OUTPUT,
    ...limitsOf(limits),
    max_result_rows: String(limits.rowsMax),
    result_overflow_mode: 'throw',
    ...PLANNING,
    // Also closes file() and url().
    readonly: '1',
  };
}

function limitsOf({ timeMsMax, memoryBytesMax }: QueryLimits): ClickHouseSettings {
  return { max_execution_time: timeMsMax / 1000, max_memory_usage: String(memoryBytesMax) };
}

/** Begins the query ids of all inserts of a segment. */
function insertIdPrefix(token: string): string {
  return `load ${token} `;
}

function insertId(token: string): string {
  return insertIdPrefix(token) + randomUUID();
}
