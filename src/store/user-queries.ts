/** Statements that users ask for: read only, within limits, ended in the engine as soon as nobody waits for them. */
import type { ClickHouseSettings } from '@clickhouse/client';
import { openDeadline } from '../platform/deadline.js';
import { binaryRows } from './binary-rows.js';
import type { Clients } from './connect.js';
import { type Connection, OUTPUT } from './connection.js';
import { generationOf } from './generation.js';
import { limitSettings, patienceMs } from './limit-settings.js';
import { ANSWER_BYTES_MAX, type QueryLimits, type Statement, type Store } from './store.js';
import { storeError } from './store-error.js';

/** Nothing but pages and a footer: indexes and filters would have to be found and moved by whoever puts files together. */
const PARQUET: ClickHouseSettings = {
  output_format_parquet_write_page_index: 0,
  output_format_parquet_write_bloom_filter: 0,
};

/** Of rows that go out as they come: as little CPU as possible, and no more of them in memory than needed at a time. */
const ON_ONE_THREAD: ClickHouseSettings = { max_threads: 1, max_block_size: '2000' };

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

interface Question {
  readonly statement: Statement;
  readonly limits: QueryLimits;
  readonly signal: AbortSignal;
}

/** `asked` has all that the statement needs, but for the form of its answer. */
type AskAs<T> = (clients: Clients, asked: UserStatement) => Promise<T>;

/** `generation` names the run of a store that does not say so with its answers. */
export function userQueries(
  connection: Connection,
  generation: Store['generation'],
): Pick<Store, 'query' | 'ask' | 'parquet' | 'queryBinary'> {
  return {
    async *query<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal) {
      const ending = openDeadline(patienceMs(limits), signal);
      try {
        const result = await askAsUser(connection, { statement, limits, signal: ending.signal }, ({ client }, asked) =>
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
        throw explain(error, signal);
      } finally {
        ending.close();
      }
    },

    ask<Row>(statement: Statement, limits: QueryLimits, signal: AbortSignal) {
      return askWhole(connection, { statement, limits, signal }, async ({ client }, asked) => {
        const result = await client.query({
          ...asked,
          clickhouse_settings: { ...asked.clickhouse_settings, max_result_bytes: String(ANSWER_BYTES_MAX) },
          format: 'JSON',
        });
        const { meta = [], data, statistics } = await result.json<Row>();
        const { elapsed = 0, rows_read = 0, bytes_read = 0 } = statistics ?? {};
        return {
          columns: meta,
          rows: data,
          figures: { rowsRead: rows_read, bytesRead: bytes_read, elapsedMs: elapsed * 1000 },
        };
      });
    },

    parquet(statement, compression, limits, signal) {
      return askWhole(connection, { statement, limits, signal }, async ({ client }, asked) => {
        const { stream } = await client.exec({
          ...asked,
          query: `${statement.sql}\nFORMAT Parquet`,
          clickhouse_settings: {
            ...asked.clickhouse_settings,
            ...connection.known(PARQUET),
            max_result_bytes: String(ANSWER_BYTES_MAX),
            output_format_parquet_compression_method: compression,
          },
        });
        return Buffer.concat(await stream.toArray());
      });
    },

    async queryBinary(statement, limits, signal) {
      const ending = openDeadline(patienceMs(limits), signal);
      const fail = (error: unknown): never => {
        throw explain(error, signal);
      };
      try {
        const { stream, response_headers } = await askAsUser(
          connection,
          { statement, limits, signal: ending.signal },
          ({ client }, asked) =>
            client.exec({
              ...asked,
              query: `${statement.sql} FORMAT RowBinary`,
              clickhouse_settings: { ...asked.clickhouse_settings, ...ON_ONE_THREAD },
            }),
        );
        const bytes = binaryRows(stream, response_headers, ending, fail);
        // A server that is restarted behind this does not end the answer.
        const run = connection.opening.isEmbedded
          ? generationOf(response_headers)
          : await generation(signal).catch((error: unknown) => {
              stream.destroy();
              throw error;
            });
        return { generation: run, bytes };
      } catch (error) {
        ending.close();
        return fail(error);
      }
    },
  };
}

/** An answer that is there as a whole when this resolves. */
async function askWhole<T>(connection: Connection, question: Question, ask: AskAs<T>): Promise<T> {
  const { limits, signal } = question;
  const ending = openDeadline(patienceMs(limits), signal);
  try {
    return await askAsUser(connection, { ...question, signal: ending.signal }, ask);
  } catch (error) {
    throw explain(error, signal);
  } finally {
    ending.close();
  }
}

/** Asks the statement of somebody who may read and nothing else, and only so much. */
async function askAsUser<T>(
  connection: Connection,
  { statement, limits, signal }: Question,
  ask: AskAs<T>,
): Promise<T> {
  return connection.run((clients, abort_signal) => {
    const clickhouse_settings = connection.known({ ...userSettings(limits), ...connection.opening.querySettings });
    return ask(clients, {
      query: statement.sql,
      query_params: statement.parameters,
      clickhouse_settings,
      abort_signal,
    });
  }, signal);
}

function userSettings(limits: QueryLimits): ClickHouseSettings {
  return {
    ...OUTPUT,
    ...limitSettings(limits),
    max_result_rows: String(limits.rowsMax),
    result_overflow_mode: 'throw',
    ...PLANNING,
    // Also closes file() and url().
    readonly: '1',
  };
}

/** Whoever aborted wants to hear the reason he gave. */
function explain(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : storeError(error, 'final');
}
