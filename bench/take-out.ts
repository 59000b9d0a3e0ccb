/**
 * Logs on their way out: how long after its 200 a log is tailed, and what an export costs in each format.
 *
 *   node dist/bench/take-out.js [--disk /tmp] [--marks 40] [--logs 200000]
 *
 * CPU seconds mean something on a busy machine too; times do not.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readEvents } from '../cli/events.js';
import type { ExportRequest, ExportSummary } from '../src/api/export.js';
import { storeSocket } from '../src/supervisor/store-socket.js';
import { countLogs } from './support/ask-store.js';
import { runLoad } from './support/http-load.js';
import { makeBatches, postRequest } from './support/page-events.js';
import { percentile, Report } from './support/report.js';
import { type MeasuredServer, PROCESSES, startLogboom } from './support/servers.js';

const { values } = parseArgs({
  options: {
    disk: { type: 'string', default: os.tmpdir() },
    marks: { type: 'string', default: '40' },
    logs: { type: 'string', default: '200000' },
    name: { type: 'string', default: 'take-out' },
  },
});

const MARK_EVERY_MS = 500;
const COUNT_EVERY_MS = 250;
const BATCH = 100;
const LOAD_RATE = 200;

const report = new Report(values.name, 'Logs on their way out');
const server = await startLogboom(values.disk, undefined, ['--spool-free-bytes-min', '0']);
try {
  const socket = storeSocket(server.data ?? '');
  while (!(await countLogs(socket).then(Number.isFinite, () => false))) await sleep(COUNT_EVERY_MS);
  const times = await timeToTail(server, Number(values.marks));
  report.say('From the 200 of a log to its event in a tail, in ms.');
  const figures = [0.5, 0.99, 1].map((part) => Math.round(percentile(times, part)));
  report.table(['logs', 'p50', 'p99', 'max'], [[times.length, ...figures]]);

  const before = await countLogs(socket);
  await runLoad({
    host: server.publicUrl.hostname,
    port: Number(server.publicUrl.port),
    connections: 16,
    rate: LOAD_RATE,
    durationMs: (Number(values.logs) / BATCH / LOAD_RATE) * 1000,
    requests: makeBatches(200, BATCH).map((batch) => postRequest(batch, 'plain')),
  });
  while ((await countLogs(socket)) < before + Number(values.logs) * 0.95) await sleep(COUNT_EVERY_MS);
  report.say('Exports of everything, on one connection.');
  const rows: (string | number)[][] = [];
  for (const request of [
    { format: 'ndjson' },
    { format: 'ndjson', compression: 'gzip' },
    { format: 'csv' },
    { format: 'parquet', compression: 'zstd' },
  ] as const) {
    rows.push(await measureExport(server, request));
  }
  const header = ['format', 'compression', 'logs', 'MB', 'logs/s', 'CPU-s worker', 'CPU-s store', 'worker peak MiB'];
  report.table(header, rows);
} finally {
  await server.stop();
}
report.write();

function authorization({ data }: MeasuredServer): { Authorization: string } {
  const { id, secret } = JSON.parse(fs.readFileSync(path.join(data ?? '', 'access-key'), 'utf8'));
  return { Authorization: `Bearer ${id}:${secret}` };
}

/** Milliseconds, sorted. */
async function timeToTail(server: MeasuredServer, count: number): Promise<Float64Array> {
  const leave = new AbortController();
  const url = new URL('/api/v1/projects/default/logstores/web/tail?sample=off', server.adminUrl);
  const tail = await fetch(url, { headers: authorization(server), signal: leave.signal });
  if (tail.body === null) throw new Error('the tail has no body');
  const ackedAtMs = new Map<string, number>();
  const seenAtMs = new Map<string, number>();
  const looking = (async (body: ReadableStream<Uint8Array>) => {
    for await (const { name, data } of readEvents(body)) {
      if (name === 'log') seenAtMs.set(JSON.parse(data).mark, performance.now());
      if (seenAtMs.size === count) return;
    }
  })(tail.body);
  // A tail begins with what is stored when it is asked.
  await sleep(MARK_EVERY_MS);
  for (let i = 0; i < count; i++) {
    const target = new URL(`/logstores/web/track?APIVersion=0.6.0&mark=${i}`, server.publicUrl);
    const { status } = await fetch(target);
    if (status !== 200) throw new Error(`a mark was answered ${status}`);
    ackedAtMs.set(String(i), performance.now());
    await sleep(MARK_EVERY_MS);
  }
  await looking;
  leave.abort();
  return Float64Array.from([...seenAtMs].map(([mark, ms]) => ms - (ackedAtMs.get(mark) ?? ms))).sort();
}

async function measureExport(
  server: MeasuredServer,
  request: Pick<ExportRequest, 'format' | 'compression'>,
): Promise<(string | number)[]> {
  const before = [server.usage(PROCESSES.worker).cpuSeconds, server.usage(PROCESSES.store).cpuSeconds] as const;
  const startMs = performance.now();
  const url = new URL('/api/v1/projects/default/logstores/web/export', server.adminUrl);
  const to = Math.ceil(Date.now() / 1000) + 3600;
  const headers = authorization(server);
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ from: 0, to, ...request } satisfies ExportRequest),
  });
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += chunk.length;
  const seconds = (performance.now() - startMs) / 1000;
  const summary = new URL(`exports/${response.headers.get('x-logboom-export')}`, url);
  const told = await fetch(summary, { headers });
  const { logs, isComplete } = (await told.json()) as ExportSummary;
  if (!isComplete) throw new Error('an export is incomplete');
  const { format = '', compression = 'none' } = request;
  const cpu = [PROCESSES.worker, PROCESSES.store].map((name, i) => server.usage(name).cpuSeconds - (before[i] ?? 0));
  return [
    format,
    compression,
    logs,
    Math.round(bytes / 1e6),
    Math.round(logs / seconds),
    ...cpu.map((each) => each.toFixed(1)),
    Math.round(server.usage(PROCESSES.worker).peakMib),
  ];
}
