/** The store over ClickHouse's HTTP interface: the embedded child and a server are asked the same. */
import type { Log } from '../platform/diagnostics.js';
import { adaptLayout } from './adapt-layout.js';
import { Connection } from './connection.js';
import { Erasure } from './erasure.js';
import { readGeneration } from './generation.js';
import { SETTLE_SECONDS } from './hot-column.js';
import { Layout } from './layout.js';
import { limitSettings, patienceMs } from './limit-settings.js';
import { logTable } from './log-table.js';
import { openTransfer } from './open-transfer.js';
import { type ServerPlace, type SocketPlace, serverOpening, socketOpening } from './opening.js';
import { retention } from './retention.js';
import { segmentLoading } from './segment-loading.js';
import { openSharedRows, type TableAccess } from './shared-rows.js';
import type { Statement, Store } from './store.js';
import { StoredSizes } from './stored-sizes.js';
import { userQueries } from './user-queries.js';

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

/** Never waits and never fails: the schema is brought up to date by the first call that finds the store there. */
export function openStore(options: StoreOptions): Store {
  const { database, answerMsMax, pingMsMax, layoutMsMax, settleSeconds, log } = { ...DEFAULTS, ...options };
  const opening = 'socket' in options ? socketOpening(options, database) : serverOpening(options.server, database);
  const connection = new Connection({ opening, database, answerMsMax, pingMsMax, log });
  const layout = new Layout({
    ageMsMax: layoutMsMax,
    settleSeconds,
    ask: (statement, signal) => connection.rows(statement, { signal }),
    tables: opening.tables,
  });
  const table = async (signal: AbortSignal) => logTable((await layout.columns(signal)).map(({ key }) => key));
  const generation = (signal: AbortSignal) => readGeneration(connection, pingMsMax, signal);
  const queries = userQueries(connection, generation);
  return {
    remembersTokens: connection.isCluster,
    servers: () => connection.servers(),
    ping: () => connection.ping(),
    generation,
    ...segmentLoading(connection, layout, database),
    table,
    async adaptLayout(declaredKeys, signal) {
      const orders = {
        ask: <Row>(statement: Statement) => connection.rows<Row>(statement, { signal }),
        command: (sql: string) => connection.command({ sql, parameters: {} }, { signal }),
        tables: opening.tables,
      };
      const change = await adaptLayout(orders, declaredKeys);
      layout.forget();
      return change;
    },
    ...queries,
    sharedRows: (kind) => openSharedRows(sharedAccess(connection), kind),
    ...retention(connection, database),
    erasure: openErasure(connection, database),
    sizes: new StoredSizes(connection, table, database),
    transfer: openTransfer(connection, layout, database, queries.queryBinary),
    close: () => connection.close(),
  };
}

function sharedAccess(connection: Connection): TableAccess {
  const { sharedReads, sharedWrites } = connection.opening;
  return {
    ask: (statement, signal) => connection.rows(statement, { signal, settings: sharedReads }),
    insert: (table, values, signal) =>
      connection.ask(
        { signal },
        async ({ client }, abort_signal) => {
          const clickhouse_settings = connection.known({ async_insert: 0, ...sharedWrites });
          await client.insert({ table, values, format: 'JSONEachRow', clickhouse_settings, abort_signal });
        },
        'once',
      ),
    command: (sql, signal) => connection.command({ sql, parameters: {} }, { signal }),
  };
}

function openErasure(connection: Connection, database: string): Erasure {
  const { tables, querySettings } = connection.opening;
  return new Erasure({
    tables,
    database,
    ask: (statement, signal) => connection.rows(statement, { signal }),
    command: (statement, signal, limits) =>
      connection.command(statement, {
        signal,
        // A change of the table is made in the background; whoever asked for it looks when it is done.
        settings: {
          mutations_sync: '0',
          // Of replicated tables: that a list is the same everywhere is our part.
          ...(connection.isCluster ? { allow_nondeterministic_mutations: 1 } : {}),
          ...querySettings,
          ...(limits === undefined ? {} : limitSettings(limits)),
        },
        ...(limits === undefined ? {} : { limitsAre: 'final', msMax: patienceMs(limits) }),
      }),
  });
}
