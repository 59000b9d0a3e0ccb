/**
 * Loading alone: what the store process spends on logs from the segment's file until they are merged, what they take on disk,
 * and how much memory the process needs, also while it is queried hard.
 *
 *   node dist/bench/load.js [logs in thousands, 1000 if not given]
 *
 * CPU seconds are those of the store process, its background merges included until they rest; the machine may be busy.
 */
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../src/platform/diagnostics.js';
import { openStore } from '../src/store/clickhouse.js';
import { launchStore } from '../src/store/embedded/launch.js';
import type { QueryLimits, Store } from '../src/store/store.js';
import { writeSegment } from '../test/support/segment-file.js';
import { PageEvents } from './support/page-events.js';
import { readUsage } from './support/process-usage.js';
import { Report } from './support/report.js';

const SEGMENT_BYTES = 64 * 1024 * 1024;
const MEMORY_BYTES_MAX = 1024 ** 3;
const LIMITS: QueryLimits = { timeMsMax: 60_000, memoryBytesMax: 400 * 1024 ** 2, rowsMax: 1_000_000 };

/** Every log is read, and most of what it holds. */
const HARD_QUERIES = [
  `SELECT fields['path'] AS path, count() AS n FROM logs GROUP BY path ORDER BY n DESC LIMIT 10`,
  `SELECT uniqExact(fields['trace_id']) AS n FROM logs`,
  `SELECT * FROM logs ORDER BY time DESC LIMIT 100`,
  `SELECT count() AS n FROM logs WHERE arrayExists(v -> v LIKE '%cart took 7%', mapValues(fields))`,
];

const never = new AbortController().signal;
const logsWanted = Number(process.argv[2] ?? 1000) * 1000;
const report = new Report('load', 'Loading');
const rows: (string | number)[][] = [];
for (const [batch, isQueried] of [
  [100, false],
  [1, false],
  [100, true],
] as const) {
  rows.push(await measure(batch, isQueried));
}
report.say(`${logsWanted} logs in segments of ${SEGMENT_BYTES} bytes; the store may take ${MEMORY_BYTES_MAX} bytes.`);
report.table(
  [
    'logs in a group',
    'queries beside it',
    'CPU-s per million: inserts',
    'with merges',
    'bytes a log',
    'parts',
    'peak MiB',
  ],
  rows,
);
report.write();

async function measure(batch: number, isQueried: boolean): Promise<(string | number)[]> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-bench-'));
  const socket = path.join(directory, 's');
  const launch = { dir: path.join(directory, 'store'), socket, memoryBytesMax: MEMORY_BYTES_MAX, sessions: 6 };
  const child = launchStore({ ...launch, logLevel: 'warn' });
  await once(child, 'message');
  const store = openStore({ socket, log: openLog('bench', 'warn') });
  try {
    await store.ttls();
    const usage = () => readUsage(child.pid as number);
    const before = usage().cpuSeconds;
    const stop = new AbortController();
    const queries = isQueried ? HARD_QUERIES.map((sql) => repeat(store, sql, stop.signal)) : [];
    const logs = await load(store, path.join(directory, 'segment.ndjson'), batch);
    const inserted = usage().cpuSeconds;
    stop.abort();
    await Promise.all(queries);
    await mergesRest(store);
    const { cpuSeconds, peakMib } = usage();
    const perMillion = (seconds: number) => (isQueried ? '-' : ((seconds * 1e6) / logs).toFixed(1));
    const [part] = await ask<{ bytes: string; parts: string }>(
      store,
      `SELECT sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE active AND table = 'logs'`,
    );
    return [
      batch,
      isQueried ? HARD_QUERIES.length : 'none',
      perMillion(inserted - before),
      perMillion(cpuSeconds - before),
      (Number(part?.bytes) / logs).toFixed(1),
      part?.parts ?? '',
      peakMib.toFixed(0),
    ];
  } finally {
    await store.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
    fs.rmSync(directory, { recursive: true });
  }
}

/** Loads segments one after the other until there are enough logs, and returns how many there are. */
async function load(store: Store, file: string, batch: number): Promise<number> {
  const events = new PageEvents(1);
  let logs = 0;
  for (let number = 0, seq = 0, timeMs = Date.now(); logs < logsWanted; number++) {
    const groups = [];
    for (let bytes = 0; bytes < SEGMENT_BYTES && logs < logsWanted; seq++, timeMs++) {
      const group = Array.from({ length: batch }, () => events.next());
      groups.push({ logstoreId: 1 + (seq % 8), seq, timeMs, logs: group, topic: 'pages', tags: { app: 'shop' } });
      bytes += JSON.stringify(group).length + 250;
      logs += batch;
    }
    await store.insertSegment({ ...writeSegment(file, number, groups), deadLogstores: [] }, never);
  }
  return logs;
}

async function repeat(store: Store, sql: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await ask(store, sql).catch((error: Error) => report.say(`${error.message}: ${sql}`));
}

async function mergesRest(store: Store): Promise<void> {
  for (let quietLooks = 0; quietLooks < 5; quietLooks++) {
    await sleep(1000);
    const [running] = await ask<{ merges: string }>(store, 'SELECT count() AS merges FROM system.merges');
    if (running?.merges !== '0') quietLooks = -1;
  }
}

async function ask<Row>(store: Store, sql: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of store.query<Row>({ sql, parameters: {} }, LIMITS, never)) rows.push(row);
  return rows;
}
