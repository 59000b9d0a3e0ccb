/** How a transfer asks this store: transfer.ts. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Connection } from './connection.js';
import { INSERT, leftToMerges, ONE_BLOCK } from './insert-settings.js';
import type { Layout } from './layout.js';
import { settleInserts } from './settle-inserts.js';
import type { QueryLimits, Statement, Store } from './store.js';
import { Transfer } from './transfer.js';

/** Of a span that is read; how much of it may be in memory is its reader's to say. */
const READ_LIMITS: QueryLimits = { timeMsMax: 10 * 60_000, memoryBytesMax: 1024 ** 3, rowsMax: 1_000_000_000 };

export function openTransfer(
  connection: Connection,
  layout: Layout,
  database: string,
  queryBinary: Store['queryBinary'],
): Transfer {
  const { tables } = connection.opening;
  return new Transfer({
    ask: (statement, signal) => connection.rows(statement, { signal }),
    command: (statement, signal) => connection.command(statement, { signal, settings: { mutations_sync: '2' } }),
    read: (statement, signal) => queryBinary(statement, READ_LIMITS, signal),
    insert: (statement, body, id, signal) => insertBody(connection, layout, { statement, body, id }, signal),
    keys: async (signal) => (await layout.columns(signal)).map(({ key }) => key),
    settle: (idPrefix, signal) => settleInserts(connection, database, idPrefix, signal),
    stored: `${tables.stored}${tables.everywhere}`,
  });
}

interface Insert {
  readonly statement: Statement;
  readonly body: Buffer;
  readonly id: string;
}

/** As one block. Its token is its id: it is repeated by whoever sent it, and by nobody else. */
async function insertBody(
  connection: Connection,
  layout: Layout,
  { statement, body, id }: Insert,
  signal: AbortSignal,
): Promise<void> {
  const left = leftToMerges(await layout.columns(signal));
  const settings = { ...INSERT, ...ONE_BLOCK, ...left, insert_deduplication_token: id };
  await connection.ask(
    { signal },
    async ({ client }, abort_signal) => {
      const { stream } = await client.exec({
        query: statement.sql,
        query_params: statement.parameters,
        clickhouse_settings: connection.known({ ...settings, ...connection.opening.insertSettings }),
        query_id: id + randomUUID(),
        values: Readable.from([body], { objectMode: false }),
        abort_signal,
      });
      // Nothing comes back but the end, which is the confirmation.
      for await (const _ of stream);
    },
    'once',
  );
}
