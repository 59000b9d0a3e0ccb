/**
 * How long an acknowledgement takes at fixed rates, beside what the disk itself takes for an append and its fdatasync.
 *
 *   node dist/bench/latency.js [--rounds 3] [--seconds 3] [--disk /tmp] [--tmpfs /dev/shm] [--connections 256]
 *
 * The server has core 0 with all its threads, this process core 1. Requests are due at their rate whether or not earlier
 * ones are answered, and latency counts from when a request was due. The disk is asked before and after every load, with
 * appends of the size of one request at the same rate, so that both saw the same disk. The store is off.
 */
import * as os from 'node:os';
import { parseArgs } from 'node:util';
import { LOAD_CORE, pinSelf, SERVER_CORE } from './support/cores.js';
import { runLoad } from './support/http-load.js';
import { getRequests, makeBatches, postRequest } from './support/page-events.js';
import { probeSyncs } from './support/probe-syncs.js';
import { median, percentile, Report } from './support/report.js';
import { type MeasuredServer, startLogboom } from './support/servers.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    disk: { type: 'string', default: os.tmpdir() },
    tmpfs: { type: 'string', default: '/dev/shm' },
    connections: { type: 'string', default: '256' },
    name: { type: 'string', default: 'latency' },
  },
});

const WARM_UP_MS = 500;
const PROBE_MS = 300;

interface Load {
  readonly name: string;
  readonly rate: number;
  readonly requests: readonly Buffer[];
}

/** Times in milliseconds. */
interface Measured {
  readonly reached: number;
  readonly refused: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly diskP50: number;
  readonly diskP99: number;
  /** Part of a core. */
  readonly cpu: number;
}

const gets = getRequests(200);
const posts = makeBatches(40, 100).map((batch) => postRequest(batch, 'plain'));
const loads: Load[] = [
  ...[100, 1000, 10_000].map((rate) => ({ name: 'GET', rate, requests: gets })),
  ...[200, 1000].map((rate) => ({ name: 'POST of 100', rate, requests: posts })),
];

const report = new Report(values.name, 'Acknowledgement at fixed rates');
pinSelf(LOAD_CORE);
const places = [
  { name: 'disk', directory: values.disk },
  { name: 'tmpfs', directory: values.tmpfs },
];
const results = new Map<string, Measured[]>();
const flags = ['--store', 'none', '--spool-free-bytes-min', '0', '--spool-bytes-max', '16GiB'];
const servers = await Promise.all(places.map(({ directory }) => startLogboom(directory, SERVER_CORE, flags)));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const load of loads) {
    for (const [i, { name, directory }] of places.entries()) {
      const measured = await measure(servers[i] as MeasuredServer, directory, load);
      results.set(keyOf(name, load), [...(results.get(keyOf(name, load)) ?? []), measured]);
    }
  }
}
await Promise.all(servers.map((server) => server.stop()));

report.say(
  `Open loop, ${values.connections} connections; medians of ${values.rounds} rounds of ${values.seconds} s, max of all. ` +
    'Times in ms; "append" is an append of the size of one request with its fdatasync, alone on the same file system.',
);
report.table(
  [
    'spool on',
    'load',
    'due/s',
    'reached/s',
    'p50',
    'p90',
    'p99',
    'max',
    'append p50',
    'append p99',
    'p50 / append p50',
    'CPU of a core',
    'not 200',
  ],
  places.flatMap(({ name }) =>
    loads.map((load) => {
      const all = results.get(keyOf(name, load)) ?? [];
      const of = (key: keyof Measured) => median(all.map((one) => one[key]));
      return [
        name,
        load.name,
        load.rate,
        Math.round(of('reached')),
        ...(['p50', 'p90', 'p99'] as const).map((key) => of(key).toFixed(2)),
        Math.max(...all.map(({ max }) => max)).toFixed(1),
        of('diskP50').toFixed(3),
        of('diskP99').toFixed(2),
        median(all.map(({ p50, diskP50 }) => p50 / diskP50)).toFixed(1),
        `${Math.round(of('cpu') * 100)} %`,
        all.reduce((sum, { refused }) => sum + refused, 0),
      ];
    }),
  ),
);
report.write();

function keyOf(place: string, { name, rate }: Load): string {
  return `${place} ${name} ${rate}`;
}

async function measure(server: MeasuredServer, directory: string, { rate, requests }: Load): Promise<Measured> {
  const target = { host: server.publicUrl.hostname, port: Number(server.publicUrl.port) };
  const load = { ...target, requests, rate, connections: Number(values.connections) };
  const probe = { directory, bytes: requests[0]?.length ?? 0, rate, durationMs: PROBE_MS };

  await runLoad({ ...load, durationMs: WARM_UP_MS });
  const before = await probeSyncs(probe);
  const cpuBefore = server.usage().cpuSeconds;
  const { ok, other, seconds, latencies } = await runLoad({ ...load, durationMs: Number(values.seconds) * 1000 });
  const cpu = (server.usage().cpuSeconds - cpuBefore) / seconds;
  const disk = Float64Array.from([...before, ...(await probeSyncs(probe))]).sort();
  return {
    reached: ok / seconds,
    refused: other,
    p50: percentile(latencies, 0.5),
    p90: percentile(latencies, 0.9),
    p99: percentile(latencies, 0.99),
    max: percentile(latencies, 1),
    diskP50: percentile(disk, 0.5),
    diskP99: percentile(disk, 0.99),
    cpu,
  };
}
