/** The real store on a real engine, in a directory of its own, and a way to put rows straight into its table. */
import * as http from 'node:http';
import { createClient } from '@clickhouse/client';
import { pino } from 'pino';
import type { ShardPosition, ShardQuestion } from '../../../src/model/shard-position.js';
import type { Shards } from '../../../src/model/shards.js';
import { openStore } from '../../../src/store/clickhouse.js';
import type { Store } from '../../../src/store/store.js';
import { StoreProcess } from '../store-process.js';
import type { SampleLog } from './evaluate.js';

export const LIMITS = { timeMsMax: 60_000, memoryBytesMax: 500_000_000, rowsMax: 1_000_000 };

/** Long, so that logs of a fixed time stay. */
const TTL_DAYS = 36_500;

export interface Row extends Partial<SampleLog> {
  readonly logstore: number;
  /** Unix milliseconds, fractions allowed. */
  readonly timeMs: number;
  readonly shard?: number;
  readonly seq: number;
  readonly row?: number;
}

export interface Engine {
  readonly store: Store;
  readonly process: StoreProcess;
  /** Fields that are `hot` go into columns, as a loader puts them once these have settled; names without dots. */
  insert(rows: readonly Row[], hot?: readonly string[]): Promise<void>;
  /** Runs a statement for which the store has no call. */
  run(sql: string): Promise<void>;
  /** The column `count` of the first row. */
  count(sql: string): Promise<number>;
  /** As the workers that had written the rows would say it, if each had given to the store all it had. */
  readonly shards: Shards;
  position(question: ShardQuestion): Promise<ShardPosition>;
  close(): Promise<void>;
}

export async function startEngine(): Promise<Engine> {
  const process = new StoreProcess();
  await process.start();
  const { socket } = process;
  const store = openStore({ socket, log: pino({ level: 'silent' }) });
  // The first question makes the table.
  for await (const _ of store.query({ sql: 'SELECT 1', parameters: {} }, LIMITS, new AbortController().signal));
  const client = createClient({
    url: 'http://embedded',
    database: 'logboom',
    // Node's types leave out that an agent's own options are merged into every request's.
    http_agent: new http.Agent({ keepAlive: true, socketPath: socket } as http.AgentOptions),
    clickhouse_settings: { async_insert: 0 },
  });
  const ends = new Map<string, number>();
  return {
    store,
    process,
    shards: { written: [0, 1, 2], all: [0, 1, 2] },
    async position({ logstoreId, shard }) {
      const loaded = ends.get(`${logstoreId} ${shard}`) ?? 0;
      return { next: loaded, loaded, storeRun: null };
    },
    async insert(rows, hot = []) {
      const lines = rows.map((row) => tableLine(row, hot));
      await client.command({ query: `INSERT INTO logs FORMAT JSONEachRow\n${lines.join('')}` });
      for (const { logstore, shard = 0, seq } of rows) {
        const place = `${logstore} ${shard}`;
        ends.set(place, Math.max(ends.get(place) ?? 0, seq + 1));
      }
    },
    async run(sql) {
      await client.command({ query: sql });
    },
    async count(sql) {
      const rows = await (await client.query({ query: sql, format: 'JSONEachRow' })).json<{ count: string }>();
      return Number(rows[0]?.count);
    },
    async close() {
      await Promise.all([client.close(), store.close()]);
      await process.remove();
    },
  };
}

/** Maps are written by hand: an object would sort keys such as `7` to the front. */
function tableLine(row: Row, hot: readonly string[]): string {
  const { logstore, timeMs, shard = 0, seq, row: number = 1, topic = '', source = '', tags = [], fields = [] } = row;
  const columns = { logstore, time: (timeMs / 1000).toFixed(6), shard, seq, row: number, ttl: TTL_DAYS, topic, source };
  const isHot = ([name]: SampleLog['fields'][number]) => hot.includes(name);
  const parts = [
    JSON.stringify(columns).slice(1, -1),
    `"tags":${mapText(tags)}`,
    `"fields":${mapText(fields.filter((field) => !isHot(field)))}`,
    ...fields.filter(isHot).map(([name, value]) => `${JSON.stringify(`f_${name}`)}:${JSON.stringify(value)}`),
  ];
  return `{${parts.join()}}\n`;
}

function mapText(entries: SampleLog['fields']): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
}
