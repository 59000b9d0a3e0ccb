/**
 * Loading alone: what the store process spends on logs from the segment's file until they are merged, what they take on disk,
 * and how much memory the process needs, also while it is queried hard. And what merging costs by itself: of the rounds of merges
 * that a day brings, a run like this sees the first alone.
 *
 *   node dist/bench/load.js [logs in thousands, 1000 if not given]
 *
 * CPU seconds are those of the store process, its background merges included until they rest; the machine may be busy.
 */
import * as os from 'node:os';
import { askStore, mergesRest } from './support/ask-store.js';
import { MeasuredStore, STORE_MEMORY_BYTES } from './support/measured-store.js';
import { mergedRows } from './support/merged-rows.js';
import { PageEvents } from './support/page-events.js';
import { Report } from './support/report.js';

/** Every log is read, and most of what it holds. */
const HARD_QUERIES = [
  'SELECT f_path AS path, count() AS n FROM logs GROUP BY path ORDER BY n DESC LIMIT 10',
  'SELECT uniqExact(f_trace_id) AS n FROM logs',
  'SELECT * FROM logs ORDER BY time DESC LIMIT 100',
  `SELECT count() AS n FROM logs WHERE concat(f_title, f_message, f_user_agent, f_page_url) LIKE '%cart took 7%'`,
];

const LEARNT_LOGS = 20_000;

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
report.say(`${logsWanted} logs, fields in columns; the store may take ${STORE_MEMORY_BYTES} bytes.`);
report.table(
  [
    'logs in a group',
    'queries beside it',
    'CPU-s per million: inserts',
    'with merges',
    'merged a log',
    'CPU-s per million merged',
    'bytes a log',
    'parts',
    'peak MiB',
  ],
  rows,
);
report.write();

async function measure(batch: number, isQueried: boolean): Promise<(string | number)[]> {
  const measured = new MeasuredStore(os.tmpdir());
  await measured.start();
  try {
    const load = { events: new PageEvents(1), batch, firstTimeMs: Date.now(), stepMs: 1 };
    const logstoreOf = (seq: number) => 1 + (seq % 8);
    // From these the store learns the fields.
    await measured.load({ ...load, logs: LEARNT_LOGS, firstSeq: 0, logstoreOf });
    await measured.store.adaptLayout([], never);

    const before = measured.usage().cpuSeconds;
    const stop = new AbortController();
    const queries = isQueried ? HARD_QUERIES.map((sql) => repeat(measured, sql, stop.signal)) : [];
    await measured.load({ ...load, logs: logsWanted, firstSeq: LEARNT_LOGS, logstoreOf });
    const inserted = measured.usage().cpuSeconds;
    stop.abort();
    await Promise.all(queries);
    await mergesRest(measured.socket);
    const { cpuSeconds, peakMib } = measured.usage();
    const merged = await mergedRows(measured.socket);
    const perMillion = (seconds: number) => (isQueried ? '-' : ((seconds * 1e6) / logsWanted).toFixed(1));
    const [part] = await askStore<{ bytes: string; parts: string }>(
      measured.socket,
      `SELECT sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE active AND table = 'logs'`,
    );
    await askStore(measured.socket, 'OPTIMIZE TABLE logs FINAL');
    const mergedOnce = (await mergedRows(measured.socket)) - merged;
    const mergeSeconds = measured.usage().cpuSeconds - cpuSeconds;
    return [
      batch,
      isQueried ? HARD_QUERIES.length : 'none',
      perMillion(inserted - before),
      perMillion(cpuSeconds - before),
      (merged / (logsWanted + LEARNT_LOGS)).toFixed(1),
      ((mergeSeconds * 1e6) / mergedOnce).toFixed(1),
      (Number(part?.bytes) / (logsWanted + LEARNT_LOGS)).toFixed(1),
      part?.parts ?? '',
      peakMib.toFixed(0),
    ];
  } finally {
    await measured.stop();
    measured.remove();
  }
}

async function repeat(measured: MeasuredStore, sql: string, signal: AbortSignal): Promise<void> {
  const asked = { sql, parameters: {} };
  while (!signal.aborted) await measured.ask(asked).catch((error: Error) => report.say(`${error.message}: ${sql}`));
}
