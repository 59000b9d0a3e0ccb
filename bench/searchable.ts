/**
 * From the request to the search, everything counted: CPU of every process until the store has merged what it got, what a
 * log takes on disk, peak memory, and how long after its 200 a log is found.
 *
 *   node dist/bench/searchable.js [--seconds 15] [--disk /tmp] [--marks 40]
 *
 * The service runs as its users start it. Posts come at a rate that the store keeps up with, single logs as fast as they are
 * answered: at low rates every request wakes processes anew, and what a log costs no longer matters. CPU seconds mean
 * something on a busy machine too, if less; the times to the search do not.
 */
import * as os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { storeSocket } from '../src/supervisor/store-socket.js';
import { askStore, countLogs, mergesRest } from './support/ask-store.js';
import { runLoad } from './support/http-load.js';
import { learnFields } from './support/learn-fields.js';
import { getRequests, makeBatches, postRequest } from './support/page-events.js';
import { percentile, Report } from './support/report.js';
import { type MeasuredServer, PROCESSES, type ProcessName, startLogboom } from './support/servers.js';
import { timeToSearchable } from './support/time-to-searchable.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    disk: { type: 'string', default: os.tmpdir() },
    marks: { type: 'string', default: '40' },
    name: { type: 'string', default: 'searchable' },
  },
});

interface Workload {
  readonly name: string;
  readonly batch: number;
  /** Requests a second; undefined is a closed loop. */
  readonly rate: number | undefined;
  readonly requests: readonly Buffer[];
}

const CONNECTIONS = 64;
const COUNT_EVERY_MS = 250;
const MARK_EVERY_MS = 500;
/** For the service to learn the fields of its logs, before anything is measured. */
const LEARNING_RATE = 100;
const LEARNING_MS = 2000;
/** A load beside which there is time left for queries. */
const MODERATE_RATE = 300;

const posts = makeBatches(200, 100).map((batch) => postRequest(batch, 'plain'));
const workloads: Workload[] = [
  { name: 'POST of 100', batch: 100, rate: 1000, requests: posts },
  { name: 'GET', batch: 1, rate: undefined, requests: getRequests(20_000) },
];

const report = new Report(values.name, 'From the request to the search');
const costs: (string | number)[][] = [];
for (const workload of workloads) costs.push(await withService((server) => measureCost(server, workload)));
const waits = await withService(async (server) => [
  await measureWait(server, 'quiet'),
  await measureWaitUnderLoad(server),
]);

report.say(
  'CPU seconds per million logs, merges included until they rest. Peaks in MiB. More may be found than was counted as ' +
    'acknowledged: what a closed loop had under way at its end is answered too.',
);
report.table(
  [
    'workload',
    'logs/s',
    'acknowledged',
    'not 200',
    'found',
    'worker',
    'store',
    'supervisor',
    'together',
    'before merges rested',
    'bytes a log',
    'parts',
    'worker peak',
    'store peak',
  ],
  costs,
);
report.say('From the 200 of a log to the first query that finds it, in ms.');
report.table(['while', 'logs', 'p50', 'p99', 'max'], waits);
report.write();

async function measureCost(server: MeasuredServer, workload: Workload): Promise<(string | number)[]> {
  const socket = storeSocket(server.data ?? '');
  const already = await countLogs(socket);
  const before = cpuOfAll(server);
  const { ok, other, seconds } = await load(server, workload, Number(values.seconds) * 1000);
  const acknowledged = ok * workload.batch;
  while ((await countLogs(socket)) < already + acknowledged) await sleep(COUNT_EVERY_MS);
  const loaded = cpuOfAll(server);
  await mergesRest(socket);
  const merged = cpuOfAll(server);
  const found = (await countLogs(socket)) - already;

  const perMillion = (seconds: number) => ((seconds * 1e6) / acknowledged).toFixed(1);
  const sum = (cpu: Record<ProcessName, number>) => cpu.supervisor + cpu.worker + cpu.store;
  const [part] = await askStore<{ bytes: string; parts: string }>(
    socket,
    `SELECT sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts WHERE active AND table = 'logs'`,
  );
  return [
    workload.name,
    Math.round(acknowledged / seconds),
    acknowledged,
    other,
    found,
    perMillion(merged.worker - before.worker),
    perMillion(merged.store - before.store),
    perMillion(merged.supervisor - before.supervisor),
    perMillion(sum(merged) - sum(before)),
    perMillion(sum(loaded) - sum(before)),
    (Number(part?.bytes) / (already + found)).toFixed(1),
    part?.parts ?? '',
    Math.round(server.usage(PROCESSES.worker).peakMib),
    Math.round(server.usage(PROCESSES.store).peakMib),
  ];
}

async function measureWaitUnderLoad(server: MeasuredServer): Promise<(string | number)[]> {
  const moderate = { rate: MODERATE_RATE, requests: posts };
  const [row] = await Promise.all([
    measureWait(server, `${MODERATE_RATE * 100} logs/s come in`),
    load(server, moderate, Number(values.marks) * MARK_EVERY_MS),
  ]);
  return row;
}

async function measureWait(server: MeasuredServer, meanwhile: string): Promise<(string | number)[]> {
  const times = await timeToSearchable(server, Number(values.marks), MARK_EVERY_MS);
  return [meanwhile, times.length, ...[0.5, 0.99, 1].map((part) => Math.round(percentile(times, part)))];
}

function load(server: MeasuredServer, { requests, rate }: Pick<Workload, 'requests' | 'rate'>, durationMs: number) {
  const target = { host: server.publicUrl.hostname, port: Number(server.publicUrl.port) };
  return runLoad({ ...target, requests, rate, connections: CONNECTIONS, durationMs });
}

function cpuOfAll(server: MeasuredServer): Record<ProcessName, number> {
  const cpuOf = (name: ProcessName) => server.usage(PROCESSES[name]).cpuSeconds;
  return { supervisor: cpuOf('supervisor'), worker: cpuOf('worker'), store: cpuOf('store') };
}

/** On a data directory of its own. */
async function withService<T>(use: (server: MeasuredServer) => Promise<T>): Promise<T> {
  const server = await startLogboom(values.disk, undefined, ['--spool-free-bytes-min', '0']);
  try {
    await waitForStore(server);
    await load(server, { requests: posts, rate: LEARNING_RATE }, LEARNING_MS);
    await learnFields(storeSocket(server.data ?? ''));
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** Receiving begins before the store is there. */
async function waitForStore(server: MeasuredServer): Promise<void> {
  const socket = storeSocket(server.data ?? '');
  while (!(await countLogs(socket).then(Number.isFinite, () => false))) await sleep(COUNT_EVERY_MS);
}
